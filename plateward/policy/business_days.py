"""Business days: Monday to Friday, without the federal holidays (5 U.S.C. 6103)."""

from collections.abc import Iterator
from datetime import date, timedelta

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6

# Month and day; month, weekday, and which of them (-1: the last).
_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
_FLOATING = ((1, MONDAY, 3), (2, MONDAY, 3), (5, MONDAY, -1), (9, MONDAY, 1), (10, MONDAY, 2), (11, THURSDAY, 4))


def federal_holidays(year: int) -> frozenset[date]:
    """The days of this year that offices are closed: on a Saturday the Friday before, on a Sunday the Monday after.

    New Year's Day of the year after may be observed on 31 December.
    """
    observed = {_observed(date(year, month, day)) for month, day in _FIXED}
    observed.add(_observed(date(year + 1, 1, 1)))
    observed |= {_floating(year, month, weekday, which) for month, weekday, which in _FLOATING}
    return frozenset(day for day in observed if day.year == year)


def is_business_day(day: date) -> bool:
    """Whether offices are open."""
    return day.weekday() < SATURDAY and day not in federal_holidays(day.year)


def business_day(year: int, month: int, which: int) -> date:
    """The first, second, … business day of a month; raises ValueError where it has not so many."""
    for number, day in enumerate(_business_days(year, month), 1):
        if number == which:
            return day
    raise ValueError(f"{year}-{month:02} has no {which} business days")


def _business_days(year: int, month: int) -> Iterator[date]:
    day = date(year, month, 1)
    while day.month == month:
        if is_business_day(day):
            yield day
        day += timedelta(days=1)


def _observed(day: date) -> date:
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def _floating(year: int, month: int, weekday: int, which: int) -> date:
    if which < 0:
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
