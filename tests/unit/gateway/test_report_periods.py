"""Reports: which periods they are of, and by which day they are owed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from plateward.policy.catalogue import load_catalogue
from services.gateway.reports.periods import ACTIVITY, due_on, ended_periods, known_reports, period_of

PROFILES = load_catalogue()
QUARTERLY = known_reports(PROFILES["stockton"])["quarterly"]
ANNUAL = known_reports(PROFILES["barstow"])["annual"]
BY_QUARTER = msgspec.structs.replace(QUARTERLY, every_months=3)
BY_FIVE = msgspec.structs.replace(QUARTERLY, every_months=5)


def test_stocktons_report_is_due_by_the_tenth_business_day() -> None:
    october = period_of(QUARTERLY, date(2026, 10, 31))
    assert (october.label, october.end) == ("October 2026", date(2026, 11, 1))
    assert due_on(QUARTERLY, october) == date(2026, 11, 16), "Veterans Day is no business day"


def test_a_report_without_a_day_is_due_before_the_next_period_is_over() -> None:
    year = period_of(ANNUAL, date(2026, 5, 5))
    assert (year.label, year.first_day, year.end) == ("2026", date(2026, 1, 1), date(2027, 1, 1))
    assert due_on(ANNUAL, year) == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("day", "first_day", "end"),
    [
        (date(2026, 3, 31), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 12, 1), date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_quarters_are_counted_from_january(day: date, first_day: date, end: date) -> None:
    period = period_of(BY_QUARTER, day)
    assert (period.first_day, period.end) == (first_day, end)


def test_periods_that_do_not_divide_the_year_end_with_it() -> None:
    assert [period.label for period in ended_periods(BY_FIVE, date(2026, 1, 1), date(2027, 1, 1))] == [
        "November to December 2026",
        "June to October 2026",
        "January to May 2026",
    ]


def test_only_periods_that_are_over_are_owed() -> None:
    assert ended_periods(QUARTERLY, date(2026, 9, 30), date(2026, 10, 31)) == [period_of(QUARTERLY, date(2026, 9, 1))]
    assert ended_periods(QUARTERLY, date(2026, 10, 1), date(2026, 10, 31)) == []


def test_a_period_is_of_the_agencys_clocks() -> None:
    since, until = period_of(ACTIVITY, date(2026, 11, 5)).bounds(ZoneInfo("America/Los_Angeles"))
    assert since.astimezone(UTC) == datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert until.astimezone(UTC) == datetime(2026, 12, 1, 8, tzinfo=UTC)
