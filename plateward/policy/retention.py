"""When a read must be gone (Flagstaff 317.5.5.a, Barstow 466.5, Kentucky IV.N.3, Florence 807.4, Stockton IV.A.1)."""

from datetime import UTC, date, datetime, timedelta

from plateward.policy.profile import AgencyProfile


def expires_on(profile: AgencyProfile, source: str, captured_at: datetime) -> date:
    """The first UTC day on which a read of this source, taken then, is no longer kept.

    Counted from the image's time, so that a read that arrives late lives no longer than one that arrived at once.
    """
    days = profile.retention.source_days.get(source, profile.retention.default_days)
    return (captured_at.astimezone(UTC) + timedelta(days=days)).date()
