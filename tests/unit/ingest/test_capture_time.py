"""The time of capture: its form, and how far from now it may be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.capture_time import capture_time
from services.ingest.refusals import Refused

RECEIVED = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def test_without_one_it_is_that_of_receipt() -> None:
    assert capture_time(None, RECEIVED) == RECEIVED


@pytest.mark.parametrize(
    ("text", "captured_at"),
    [
        ("2026-05-01T11:59:58Z", datetime(2026, 5, 1, 11, 59, 58, tzinfo=UTC)),
        ("2026-05-01t11:59:58z", datetime(2026, 5, 1, 11, 59, 58, tzinfo=UTC)),
        ("2026-05-01T04:59:58.25-07:00", datetime(2026, 5, 1, 11, 59, 58, 250_000, tzinfo=UTC)),
        ("2026-05-01T11:59:58.123456789Z", datetime(2026, 5, 1, 11, 59, 58, 123_456, tzinfo=UTC)),
        ("2026-05-01T12:01:00Z", RECEIVED + timedelta(seconds=60)),
        ("2026-04-30T12:00:00Z", RECEIVED - timedelta(hours=24)),
    ],
)
def test_rfc_3339_in_any_offset(text: str, captured_at: datetime) -> None:
    found = capture_time(text, RECEIVED)
    assert found == captured_at
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-05-01",
        "2026-05-01T12:00:00",
        "2026-05-01 12:00:00Z",
        "20260501T120000Z",
        "2026-W18-5T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-05-01T25:00:00Z",
        "2026-05-01T12:00:00+24:00",
        "2026-05-01T12:00:00,5Z",
        "٢٠٢٦-05-01T12:00:00Z",
        "2026-05-01T12:00:00Z\n",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-23:00",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="must be a date and time of RFC 3339 with an offset") as refused:
        capture_time(text, RECEIVED)
    assert (refused.value.reason, refused.value.field) == ("captured-at", "Captured-At")


def test_more_than_a_minute_ahead_is_refused() -> None:
    with pytest.raises(Refused, match="at most 60 seconds in the future"):
        capture_time("2026-05-01T12:01:00.000001Z", RECEIVED)


def test_more_than_a_day_old_is_refused() -> None:
    with pytest.raises(Refused, match="at most 24 hours ago"):
        capture_time("2026-04-30T11:59:59.999999Z", RECEIVED)


@given(st.text(max_size=40))
def test_any_text_gives_a_time_or_a_refusal(text: str) -> None:
    try:
        assert abs(capture_time(text, RECEIVED) - RECEIVED) <= timedelta(hours=24)
    except Refused as refused:
        assert refused.reason == "captured-at"
