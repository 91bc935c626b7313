"""Business days against calendars as the Office of Personnel Management publishes them."""

from datetime import date

import pytest

from plateward.policy.business_days import business_day, federal_holidays, is_business_day

OF_2026 = {
    date(2026, 1, 1), date(2026, 1, 19), date(2026, 2, 16), date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3),
    date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25),
}  # fmt: skip


def test_the_holidays_of_a_year() -> None:
    assert federal_holidays(2026) == OF_2026


def test_new_years_day_on_a_saturday_is_observed_in_the_old_year() -> None:
    assert date(2021, 12, 31) in federal_holidays(2021)
    assert not any(day.month == 1 and day.day < 10 for day in federal_holidays(2022))


@pytest.mark.parametrize(
    ("year", "month", "which", "day"),
    [(2026, 11, 10, 16), (2026, 1, 1, 2), (2026, 7, 2, 2), (2026, 7, 3, 6), (2026, 10, 10, 15)],
)
def test_the_business_day_of_a_month(year: int, month: int, which: int, day: int) -> None:
    assert business_day(year, month, which) == date(year, month, day)


def test_a_month_has_no_thirty_business_days() -> None:
    with pytest.raises(ValueError, match="no 30 business days"):
        business_day(2026, 2, 30)


def test_offices_are_closed_on_weekends_and_holidays() -> None:
    assert [is_business_day(date(2026, 7, day)) for day in (2, 3, 4, 5, 6)] == [True, False, False, False, True]
