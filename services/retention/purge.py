"""Deleting the days that are over: the order of the steps, such that whatever is interrupted is finished later.

The day is written down as begun, then its rows go, then its images, then it is written down as ended. Each step can
be done again; the next run takes up every day that has rows left, or that was begun and not ended.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

import structlog

from services.retention.images import Images, day_prefix
from services.retention.metrics import PURGED
from services.retention.partitions import TABLES, Table

log = structlog.get_logger("services.retention")


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted of one day of expiry, by all the runs that it took.

    Rows are counted as they are dropped. Of the blobs, those are not counted that a run deleted before it was killed.
    """

    day: date
    reads: int
    hits: int
    blobs: int


class Rows(Protocol):
    """The rows of reads and hits by day of expiry, and the account of what was purged."""

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """Says whether it is our turn: one purge at a time, whichever process it is in."""

    async def finish_detaching(self) -> None:
        """Ends the detaching of partitions that a purge before began."""

    async def due(self, today: date) -> list[date]:
        """The days up to `today` with rows left or a purge that has not ended, oldest first."""

    async def begin(self, day: date, at: datetime) -> None:
        """Writes down that the day's purge has begun; begun again, it goes on."""

    async def remove(self, table: Table, day: date) -> int:
        """Deletes the day's rows of a table and adds their number to the day's account; returns that number."""

    async def end(self, day: date, blobs: int, at: datetime) -> Purged:
        """Adds the blobs to the day's account and closes it."""


class Purge:
    """Deletes for good what is no longer kept."""

    def __init__(self, rows: Rows, images: Images) -> None:
        self._rows, self._images = rows, images

    async def run(self, now: datetime) -> list[Purged]:
        """Purges every day that is over.

        A day that cannot be finished holds up no other; raises ExceptionGroup with what went wrong, after the last.
        """
        purged, failures = [], []
        async with self._rows.turn() as ours:
            if not ours:
                return []
            await self._rows.finish_detaching()
            for day in await self._rows.due(now.astimezone(UTC).date()):
                try:
                    purged.append(await self._purge(day, now))
                except Exception as failure:
                    failures.append(failure)
        if failures:
            raise ExceptionGroup("days that could not be purged", failures)
        return purged

    async def _purge(self, day: date, now: datetime) -> Purged:
        await self._rows.begin(day, now)
        for table in TABLES:
            PURGED.labels(table).inc(await self._rows.remove(table, day))
        blobs = await self._images.delete_all(day_prefix(day))
        PURGED.labels("blobs").inc(blobs)
        purged = await self._rows.end(day, blobs, now)
        log.info("day.purged", day=day.isoformat(), reads=purged.reads, hits=purged.hits, blobs=purged.blobs)
        return purged
