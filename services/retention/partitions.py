"""Which days need a partition, and what a day's partition is called."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol

from plateward.policy.profile import AgencyProfile
from plateward.policy.retention import expires_on

Table = Literal["reads", "read_documents", "hits"]
TABLES: tuple[Table, ...] = ("reads", "read_documents", "hits")


class DayGone(Exception):
    """The day's partition is being deleted, or has just been: nothing can be put into it."""


class Partitions(Protocol):
    """The partitions that there are."""

    async def ensure(self, table: Table, days: Iterable[date]) -> None:
        """Makes those of these days that are missing; raises DayGone."""


def partition_name(table: Table, day: date) -> str:
    """What the partition of this day of expiry is called."""
    return f"{table}_{day:%Y%m%d}"


def days_ahead(catalogue: Mapping[str, AgencyProfile], today: date, ahead_days: int) -> frozenset[date]:
    """The days on which what is read today, or in the coming `ahead_days`, will expire."""
    return frozenset(
        expires_on(profile, source, _noon(today + timedelta(days=coming)))
        for profile in catalogue.values()
        # The empty source is any that the policy does not name: it is kept for the default time.
        for source in ("", *profile.retention.source_days)
        for coming in range(ahead_days + 1)
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
