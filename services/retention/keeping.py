"""Keeping what arrives, each thing until its read's day; what arrives after its day is not kept at all."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from plateward.contracts.reads import PlateRead
from plateward.contracts.self_checks import is_self_check
from services.retention.admission import is_over
from services.retention.metrics import EXPIRED, KEPT
from services.retention.partitions import DayGone, Partitions, Table

T = TypeVar("T")
Contra = TypeVar("Contra", contravariant=True)

Clock = Callable[[], datetime]


class Unstorable(Exception):
    """The store cannot hold one of these, and never will; says why."""


class Store(Protocol[Contra]):
    """Where reads, or hits, are kept."""

    async def add(self, batch: Sequence[Contra]) -> int:
        """Adds those that are not there yet, all or none, and returns how many; raises DayGone, Unstorable."""


class Keeper(Generic[T]):
    """Keeps one kind of thing: the reads, or the hits on them."""

    def __init__(
        self,
        table: Table,
        *,
        read_of: Callable[[T], PlateRead],
        store: Store[T],
        partitions: Partitions,
        too_late: Callable[[T], Awaitable[None]],
        clock: Clock,
    ) -> None:
        """`too_late` is done with each thing whose day is over."""
        self.table, self._read_of, self._store, self._partitions = table, read_of, store, partitions
        self._too_late, self._clock = too_late, clock

    async def keep(self, batch: Sequence[T]) -> None:
        """Returns when all of the batch is durable, or gone; raises Unstorable, with none of it kept.

        Of a self-check nothing is kept: no vehicle was there.
        """
        batch = [one for one in batch if not is_self_check(self._read_of(one).camera_id)]
        try:
            await self._keep(batch)
        except DayGone:
            # A day has ended between our look at the clock and the insert: by now the clock says so.
            await self._keep(batch)

    async def _keep(self, batch: Sequence[T]) -> None:
        now = self._clock()
        live = [one for one in batch if not is_over(self._read_of(one).expires_on, now)]
        late = [one for one in batch if is_over(self._read_of(one).expires_on, now)]
        if live:
            await self._partitions.ensure(self.table, {self._read_of(one).expires_on for one in live})
            KEPT.labels(self.table).inc(await self._store.add(live))
        for one in late:
            await self._too_late(one)
            EXPIRED.labels(self.table).inc()
