"""Computing what agencies publish: every night on their own clocks, and at once where nothing is published yet."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.sharing import SharingAgreement
from plateward.kernel.pauses import pause
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from services.gateway.transparency.publication import Audited, Known, Publication, Purge, publication

log = structlog.get_logger("services.gateway")

NIGHT = time(3)
"""When on the agency's clocks the day before is counted: what cameras had not delivered by then has mostly come."""

DAYS = 30
"""So many whole days are published."""

AUDITED_DAYS = 365
"""Audits are told of so many days: there are a few in a year."""

COUNTED_AGAIN_DAYS = 7
"""So far back a day's numbers may still change: edge readers deliver what they kept while they were cut off."""


class Records(Protocol):
    """What is known of an agency's use."""

    def alone(self) -> AbstractAsyncContextManager[bool]:
        """Whether this process alone computes, until the end of the block."""

    async def computed_at(self, agency_id: str) -> datetime | None:
        """When the agency's publication was last computed."""

    async def counted_days(self, agency_id: str, since: date) -> set[date]:
        """The days since then whose reads and hits were counted."""

    async def count(self, agency_id: str, day: date, from_at: datetime, until_at: datetime) -> None:
        """Counts, or counts again, the reads and hits of a day."""

    async def reads_and_hits(self, agency_id: str, from_day: date, until_day: date) -> tuple[int, int]:
        """How many there were on these days, the last one included."""

    async def searches(self, agency_id: str, from_at: datetime, until_at: datetime) -> Mapping[str, int]:
        """The searches of the agency's people, by purpose."""

    async def cameras(self, agency_id: str) -> list[CameraRegistration]:
        """The agency's cameras on file."""

    async def agreements(self, at: datetime) -> Sequence[SharingAgreement]:
        """All sharing that stood at this time."""

    async def purges(self, agency_id: str, since: date, until_at: datetime) -> Sequence[Purge]:
        """The purges of the agency's days since then, certified by this time, newest first."""

    async def audited(self, agency_id: str, since: date, until_at: datetime, timezone: str) -> Audited:
        """What the audits came to that the agency closed from this day on its clocks up to this time."""

    async def publish(self, agency_id: str, made: Publication) -> None:
        """Puts the publication in the place of the one before."""


class Nightly:
    """Publishes for every agency whose policy is posted."""

    def __init__(
        self, records: Records, policies: PolicyCatalogue, now: Callable[[], datetime], beat: Callable[[], None]
    ) -> None:
        """`beat` is called as it goes on: the first night counts many days."""
        self._records, self._policies, self._now, self._beat = records, policies, now, beat

    async def run(self, stopping: asyncio.Event, *, every_seconds: float) -> None:
        """Publishes what is due until told to stop."""
        while not stopping.is_set():
            self._beat()
            await self.publish_due()
            await pause(stopping, every_seconds)

    async def publish_due(self) -> None:
        """Computes what is due now."""
        async with self._records.alone() as mine:
            for profile in self._policies.values() if mine else ():
                at = self._now()
                if profile.publication.posted and is_due(profile, await self._records.computed_at(profile.id), at):
                    await self._publish(profile, at)

    async def _publish(self, profile: AgencyProfile, at: datetime) -> None:
        zone, records = ZoneInfo(profile.timezone), self._records
        until_day = at.astimezone(zone).date() - timedelta(days=1)
        days = [until_day - timedelta(days=back) for back in range(DAYS)]
        counted = await records.counted_days(profile.id, days[-1])
        for day in days:
            if day not in counted or day > until_day - timedelta(days=COUNTED_AGAIN_DAYS):
                self._beat()
                await records.count(profile.id, day, _midnight(day, zone), _midnight(day + timedelta(days=1), zone))
        ended_at = _midnight(until_day + timedelta(days=1), zone)
        reads, hits = await records.reads_and_hits(profile.id, days[-1], until_day)
        known = Known(
            from_day=days[-1],
            until_day=until_day,
            reads=reads,
            hits=hits,
            searches=await records.searches(profile.id, _midnight(days[-1], zone), ended_at),
            cameras=await records.cameras(profile.id),
            agreements=await records.agreements(ended_at),
            purges=await records.purges(profile.id, days[-1], ended_at),
            audited=await records.audited(
                profile.id, until_day - timedelta(days=AUDITED_DAYS - 1), ended_at, profile.timezone
            ),
            ended_at=ended_at,
        )
        await records.publish(profile.id, publication(profile, known, self._policies, at))
        log.info("gateway.published", agency=profile.id)


def is_due(profile: AgencyProfile, computed_at: datetime | None, at: datetime) -> bool:
    """Whether a night has come since it was last computed."""
    if computed_at is None:
        return True
    zone = ZoneInfo(profile.timezone)
    here = at.astimezone(zone)
    night = datetime.combine(here.date(), NIGHT, zone)
    return computed_at < (night if here >= night else night - timedelta(days=1))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
