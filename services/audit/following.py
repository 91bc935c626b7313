"""Watching the log as it grows: each search of it once, whatever restarts come between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from plateward.kernel.pauses import pause
from services.audit.metrics import MISUSE_ALARMS, WATCHED
from services.audit.watching.alarms import Alarm, Told
from services.audit.watching.looks import Look
from services.audit.watching.thresholds import Thresholds
from services.audit.watching.watch import Watch

logger = structlog.get_logger("services.audit")


@dataclass(frozen=True, slots=True)
class Batch:
    """The searches in a piece of the log, and where the next piece begins."""

    looks: Sequence[Look]
    next_seq: int


class WatchedLog(Protocol):
    """The log, as its one watcher sees it."""

    @property
    def reached_at(self) -> datetime:
        """The time of the last record that was watched: what is remembered is what came before it."""

    def remembered(self, since: datetime) -> AsyncIterator[Sequence[Look]]:
        """The searches since then that were watched already, in their order."""

    async def told(self, since: datetime) -> list[Told]:
        """What was told since then, the oldest first."""

    async def next(self) -> Batch | None:
        """The next piece of the log that nobody has watched; None when there is none yet."""

    async def keep(self, alarms: Sequence[Alarm], next_seq: int) -> None:
        """Keeps the alarms and how far the watch has come, together."""


class Following:
    """The watch over the log. Of several processes one watches; another takes over when it ends."""

    def __init__(
        self,
        alone: Callable[[], AbstractAsyncContextManager[WatchedLog | None]],
        *,
        thresholds: Thresholds,
        remembered: timedelta,
    ) -> None:
        """`alone` gives the log to one watcher at a time, and None to the others."""
        self._alone, self._thresholds, self._remembered = alone, thresholds, remembered

    async def run(self, stopping: asyncio.Event, *, every_seconds: float, beat: Callable[[], None]) -> None:
        """Watches until told to stop, looking this often for what is new."""
        while not stopping.is_set():
            beat()
            async with self._alone() as log:
                if log is not None:
                    await self._watch(log, stopping, every_seconds, beat)
            await pause(stopping, every_seconds)

    async def _watch(
        self, log: WatchedLog, stopping: asyncio.Event, every_seconds: float, beat: Callable[[], None]
    ) -> None:
        watch = await self._as_it_was(log, beat)
        while not stopping.is_set():
            beat()
            batch = await log.next()
            if batch is None:
                await pause(stopping, every_seconds)
                continue
            alarms = [alarm for look in batch.looks for alarm in watch.take(look)]
            await log.keep(alarms, batch.next_seq)
            WATCHED.set(batch.next_seq)
            for alarm in alarms:
                MISUSE_ALARMS.labels(alarm.kind).inc()
                logger.warning("audit.misuse_alarm", kind=alarm.kind, id=str(alarm.id), agency=alarm.agency_id)

    async def _as_it_was(self, log: WatchedLog, beat: Callable[[], None]) -> Watch:
        """What the watch knew when the last watcher ended, from the log and from what was told."""
        watch, at = Watch(self._thresholds), log.reached_at
        async for looks in log.remembered(at - self._remembered):
            beat()
            for look in looks:
                watch.remember(look)
        for told in await log.told(at - self._thresholds.silence):
            watch.note_told(told.matter, told.at)
        return watch
