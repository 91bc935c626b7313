"""The day of expiry: counted in UTC from the image's time, whatever clock the time was written by."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.policy.catalogue import load_catalogue
from plateward.policy.retention import expires_on

CATALOGUE = load_catalogue()
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("agency", "source", "days"),
    [
        ("barstow", "recognizer", 365),
        ("barstow", "vendor-cloud", 30),
        ("flagstaff", "recognizer", 30),
        ("flagstaff", "vendor-cloud", 30),
        ("florence", "recognizer", 30),
        ("kentucky", "recognizer", 30),
        ("stockton", "recognizer", 730),
    ],
)
def test_days_by_agency_and_source(agency: str, source: str, days: int) -> None:
    captured = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert expires_on(CATALOGUE[agency], source, captured) == date(2026, 3, 1) + timedelta(days=days)


@pytest.mark.parametrize(
    ("captured", "day"),
    [
        (datetime(2026, 1, 1, 15, 59, tzinfo=LOS_ANGELES), date(2026, 1, 31)),
        (datetime(2026, 1, 1, 16, 0, tzinfo=LOS_ANGELES), date(2026, 2, 1)),
        (datetime(2026, 7, 1, 16, 59, tzinfo=LOS_ANGELES), date(2026, 7, 31)),
        (datetime(2026, 7, 1, 17, 0, tzinfo=LOS_ANGELES), date(2026, 8, 1)),
        (datetime(2024, 2, 1, 0, 0, tzinfo=UTC), date(2024, 3, 2)),
    ],
    ids=["winter, 23:59 UTC", "winter, 00:00 UTC", "summer, 23:59 UTC", "summer, 00:00 UTC", "over a leap day"],
)
def test_the_day_is_a_utc_day(captured: datetime, day: date) -> None:
    assert expires_on(CATALOGUE["florence"], "recognizer", captured) == day


@pytest.mark.parametrize(
    ("before", "days"),
    [(datetime(2026, 3, 7, 23, tzinfo=LOS_ANGELES), 30), (datetime(2026, 10, 31, 23, tzinfo=LOS_ANGELES), 30)],
    ids=["a day of 23 hours follows", "a day of 25 hours follows"],
)
def test_a_change_of_the_clocks_changes_nothing(before: datetime, days: int) -> None:
    expected = (before.astimezone(UTC) + timedelta(days=days)).date()
    assert expires_on(CATALOGUE["florence"], "recognizer", before) == expected


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_the_same_moment_by_another_clock_expires_on_the_same_day(moment: datetime, offset_minutes: int) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(minutes=offset_minutes)))
    for profile in CATALOGUE.values():
        assert expires_on(profile, "recognizer", elsewhere) == expires_on(profile, "recognizer", moment)


@given(MOMENTS)
def test_nothing_is_kept_for_longer_than_its_days(moment: datetime) -> None:
    for profile in CATALOGUE.values():
        day = expires_on(profile, "recognizer", moment)
        gone_at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        most = timedelta(days=profile.retention.default_days)
        assert most - timedelta(days=1) < gone_at - moment <= most
