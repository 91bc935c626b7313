"""Which reads and hits may be kept at all, and for which of those it is too late."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead
from plateward.policy.catalogue import UnknownAgency
from plateward.policy.profile import AgencyProfile
from plateward.policy.retention import expires_on

AHEAD_MAX = timedelta(days=1)
"""How far a camera's clock may run ahead: what comes from the future would be kept for longer than policy says."""


def why_read_refused(read: PlateRead, catalogue: Mapping[str, AgencyProfile], now: datetime) -> str | None:
    """Why this read may not be kept, in words that name the field and the rule; None when it may.

    The event's day of expiry is taken as it is, so long as it is none later than the owner's policy allows.
    """
    if read.captured_at.tzinfo is None:
        return "captured_at: has no time zone"
    if read.captured_at > now + AHEAD_MAX:
        return f"captured_at: {read.captured_at.isoformat()} lies in the future"
    try:
        longest = expires_on(catalogue[read.agency_id], read.source, read.captured_at)
    except UnknownAgency:
        return f"agency_id: no profile has the id {read.agency_id!r}"
    except OverflowError:
        return f"captured_at: {read.captured_at.isoformat()} is no time that can be kept"
    if read.expires_on > longest:
        return f"expires_on: {read.expires_on} is later than {longest}, the last that its agency's policy allows"
    return None


def why_hit_refused(hit: HitRaised, catalogue: Mapping[str, AgencyProfile], now: datetime) -> str | None:
    """Why this hit may not be kept: what holds for its read holds for it."""
    if hit.raised_at.tzinfo is None:
        return "raised_at: has no time zone"
    reason = why_read_refused(hit.read, catalogue, now)
    return None if reason is None else f"read.{reason}"


def is_over(day: date, now: datetime) -> bool:
    """Whether what expires on this day is no longer kept: from the day's first moment on, in UTC."""
    return day <= now.astimezone(UTC).date()
