"""Deleting the days that are over: the order of the steps, such that whatever is interrupted is finished later.

The day is written down as begun, then its rows go, its evidence, its images, its keys; then it is certified and written
down as ended, and the certificates are published. What is deleted is noted before, so that each step can be done again
and the account comes out the same; the next run takes up every day that has anything left, or that was begun and not
ended.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

import structlog

from services.retention.metrics import CLOCK_IN_DOUBT, PURGED
from services.retention.trusted_time import ClockDoubt

log = structlog.get_logger("services.retention")


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted of one day of expiry by all the runs that it took, as its certificates state it."""

    day: date
    reads: int = 0
    hits: int = 0
    images: int = 0
    evidence: int = 0
    keys: int = 0
    certificates: int = 0


class Removal(Protocol):
    """One kind of what a day leaves: it is noted, then deleted, then marked as done."""

    @property
    def kind(self) -> str:
        """What it is."""

    async def days(self, until: date) -> set[date]:
        """The days up to this one of which there is something left."""

    async def remove(self, day: date) -> int:
        """Deletes what there is of the day and returns how much that was; done again, it ends the same."""


class Ledger(Protocol):
    """The account of what was purged, and whose turn it is."""

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """Says whether it is our turn: one purge at a time, whichever process it is in."""

    async def believed_time(self, now: datetime) -> datetime:
        """The time as far as it can be believed; raises ClockDoubt."""

    async def begun(self, until: date) -> set[date]:
        """The days whose purge has begun and not ended."""

    async def begin(self, day: date, at: datetime) -> None:
        """Writes down that the day's purge has begun; begun again, it goes on."""

    async def certify(self, day: date, at: datetime) -> Purged:
        """Signs certificates of what was deleted since the last ones, and writes down that the purge has ended."""

    async def publish(self) -> None:
        """Publishes the certificates that are not published yet."""


class Purge:
    """Deletes for good what is no longer kept."""

    def __init__(self, ledger: Ledger, removals: Sequence[Removal]) -> None:
        self._ledger, self._removals = ledger, removals

    async def run(self, now: datetime) -> list[Purged]:
        """Purges every day that is over, and publishes what is certified.

        A day that cannot be finished holds up no other; raises ExceptionGroup with what went wrong, after the last, and
        ClockDoubt, with nothing purged, where the time cannot be believed.
        """
        async with self._ledger.turn() as ours:
            if not ours:
                return []
            believed = await self._believed(now)
            purged: list[Purged] = []
            days, failures = await self._due(believed.astimezone(UTC).date())
            for day in days:
                try:
                    purged.append(await self._purge(day, believed))
                except Exception as failure:
                    failures.append(failure)
            try:
                await self._ledger.publish()
            except Exception as failure:
                failures.append(failure)
        if failures:
            raise ExceptionGroup("days that could not be purged, or certificates not published", failures)
        return purged

    async def _due(self, today: date) -> tuple[list[date], list[Exception]]:
        """The days up to today that are not wholly gone, oldest first, and what could not be looked at."""
        days, failures = await self._ledger.begun(today), list[Exception]()
        for removal in self._removals:
            try:
                days |= await removal.days(today)
            except Exception as failure:
                failures.append(failure)
        return sorted(days), failures

    async def _believed(self, now: datetime) -> datetime:
        try:
            believed = await self._ledger.believed_time(now)
        except ClockDoubt:
            CLOCK_IN_DOUBT.set(1)
            raise
        CLOCK_IN_DOUBT.set(0)
        return believed

    async def _purge(self, day: date, now: datetime) -> Purged:
        await self._ledger.begin(day, now)
        removed: Mapping[str, int] = {one.kind: await one.remove(day) for one in self._removals}
        for kind, count in removed.items():
            PURGED.labels(kind).inc(count)
        purged = await self._ledger.certify(day, now)
        log.info("day.purged", day=day.isoformat(), certificates=purged.certificates, **removed)
        return purged
