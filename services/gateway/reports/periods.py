"""The periods that reports are of, on the agency's calendar, and the days by which they are owed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from plateward.policy.business_days import business_day
from plateward.policy.profile import AgencyProfile, Report

ACTIVITY = Report(id="activity", label="Activity", to="", every_months=1, due_business_day=None, contents=())
"""The report that any agency can have of itself at any time, owed to nobody."""


@dataclass(frozen=True, slots=True)
class Period:
    """So many whole months from the first of one."""

    first_day: date
    months: int

    @property
    def end(self) -> date:
        """The first day after it."""
        return plus_months(self.first_day, self.months)

    @property
    def label(self) -> str:
        """October 2026; October to December 2026; 2026."""
        last = self.end - timedelta(days=1)
        if self.months == 1:
            return f"{self.first_day:%B %Y}"
        return f"{last.year}" if self.months == 12 else f"{self.first_day:%B} to {last:%B %Y}"

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first moment on the agency's clocks, and the first after it."""
        return _midnight(self.first_day, zone), _midnight(self.end, zone)


@dataclass(frozen=True, slots=True)
class Owed:
    """A report of a period that is over, and how it stands."""

    report: Report
    period: Period
    due_on: date
    """The last day on which it is in time."""
    delivered_at: datetime | None
    overdue: bool


def period_of(report: Report, day: date) -> Period:
    """The period of a report in which a day lies: periods are counted from January."""
    month = (day.month - 1) // report.every_months * report.every_months + 1
    # A number of months that does not divide the year leaves a shorter last period.
    return Period(date(day.year, month, 1), min(report.every_months, 13 - month))


def due_on(report: Report, period: Period) -> date:
    """The business day that the policy names, of the month after the period; else the end of the next period."""
    if report.due_business_day is not None:
        return business_day(period.end.year, period.end.month, report.due_business_day)
    return period_of(report, period.end).end - timedelta(days=1)


def ended_periods(report: Report, begun_on: date, today: date) -> list[Period]:
    """The periods that are over since the agency began, newest first."""
    found, period = [], period_of(report, begun_on)
    while period.end <= today:
        found.append(period)
        period = period_of(report, period.end)
    return found[::-1]


def known_reports(profile: AgencyProfile) -> dict[str, Report]:
    """The reports that the agency owes, by id, and the one that it can always have."""
    return {one.id: one for one in (*profile.reports.reports, ACTIVITY)}


def plus_months(day: date, months: int) -> date:
    """The first of the month so many months after a first of a month."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
