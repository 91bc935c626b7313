"""When a frame was taken, as its sender says."""

import re
from datetime import UTC, datetime, timedelta

from services.ingest.refusals import Refused

FUTURE_MAX = timedelta(seconds=60)
"""How far a camera's clock may run ahead of ours."""

AGE_MAX = timedelta(hours=24)
"""How late a frame may come."""

FIELD = "Captured-At"

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def capture_time(text: str | None, received_at: datetime) -> datetime:
    """The time that the text names, in UTC; that of receipt when there is none. Raises Refused."""
    if text is None:
        return received_at
    captured_at = _parse(text)
    require_fitting(captured_at, received_at, FIELD)
    return captured_at


def require_fitting(captured_at: datetime, received_at: datetime, field: str) -> None:
    """Raises Refused, naming the field, for a time that can't be: ahead of ours, or too long ago."""
    if captured_at - received_at > FUTURE_MAX:
        raise Refused("captured-at", field, "must be at most 60 seconds in the future")
    if received_at - captured_at > AGE_MAX:
        raise Refused("captured-at", field, "must be at most 24 hours ago")


def _parse(text: str) -> datetime:
    # The pattern comes first: fromisoformat also reads forms of ISO 8601 that RFC 3339 does not have.
    if _RFC_3339.fullmatch(text):
        try:
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # no such day, hour or offset; or beyond the years that there are
    raise Refused("captured-at", FIELD, "must be a date and time of RFC 3339 with an offset, as 2026-05-01T12:30:00Z")
