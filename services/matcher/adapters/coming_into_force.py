"""Which changes of the hot list call for a look at the past, and when: at once, or when the entry starts."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from mode import Service

from plateward.contracts.event import ContractError, decode
from plateward.contracts.hot_list import HotListEntry
from plateward.kernel.clock import now
from services.matcher import metrics
from services.matcher.adapters.retroactive import PastSearch

log = structlog.get_logger("plateward.matcher")

Acknowledge = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Change:
    """One record of `hot-list`, and how to say that it needs no second look."""

    key: bytes | None
    value: bytes | None
    acknowledge: Acknowledge

    @property
    def entry(self) -> HotListEntry | None:
        """The entry as it is now; None where it was removed, or is none."""
        try:
            return None if self.value is None else decode(self.value, HotListEntry)
        except ContractError:  # the replica buries it
            return None


class ComingIntoForce(Service):
    """Has the past searched for each entry once it starts.

    A change is acknowledged after that: what a matcher did not come to, or was killed over, comes again to the next.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._search: asyncio.Future[PastSearch] | None = None
        self._waiting: dict[uuid.UUID, tuple[asyncio.Future[None], Change]] = {}

    @property
    def search(self) -> "asyncio.Future[PastSearch]":
        """What searches; changes wait until the matcher has it."""
        if self._search is None:
            self._search = asyncio.get_running_loop().create_future()
        return self._search

    async def take(self, changes: Sequence[Change]) -> None:
        """Takes changes in their order, the newest of an entry holds; raises NotAcknowledged."""
        for change in changes:
            self._count(change)
        search = await self.search
        newest = {change.key: change for change in changes}
        started = []
        for change in newest.values():
            entry = change.entry
            self._replace(change)
            if entry is not None and entry.starts_at > now():
                self._wait(entry, change, search)
            elif entry is not None:
                started.append(entry)
        await search.run(started)
        waiting = [change for _, change in self._waiting.values()]
        for change in changes:
            if not any(change is one for one in waiting):
                change.acknowledge()

    def _count(self, change: Change) -> None:
        what = "removed" if change.value is None else "entered"
        metrics.LIST_CHANGES.labels(what).inc()
        log.info("hot-list.changed", change=what, entry_id=(change.key or b"").decode("utf-8", "replace"))

    def _replace(self, change: Change) -> None:
        """Forgets what was waited for of an entry that has changed since."""
        waiting = [one for one, (_, before) in self._waiting.items() if before.key == change.key]
        for identity in waiting:
            task, before = self._waiting.pop(identity)
            task.cancel()
            before.acknowledge()

    def _wait(self, entry: HotListEntry, change: Change, search: PastSearch) -> None:
        async def until_it_starts() -> None:
            await asyncio.sleep((entry.starts_at - now()).total_seconds())
            await search.run([entry])
            self._waiting.pop(entry.id, None)
            change.acknowledge()

        self._waiting[entry.id] = (self.add_future(until_it_starts()), change)
