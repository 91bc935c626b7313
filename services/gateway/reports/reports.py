"""The agency's reports (Flagstaff 317.4.A.6, Barstow 466.6.d, Stockton III.B.1.a and c)."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from plateward.contracts.access import Actor, Reason
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile, Report
from plateward.policy.reasons import Lacking, Missing
from services.gateway.access import AccessGate
from services.gateway.people import Session, require
from services.gateway.reports.periods import Owed, Period, due_on, ended_periods, known_reports, period_of
from services.gateway.reports.queries import ALL, INSPECTIONS, Parameter, Query
from services.gateway.search import NoSuchRecord
from services.gateway.writing import unwritable

REPORTING = Reason(purpose="report", form="duty", values={"duty": "reporting on the agency's use"})
"""The standing reason of those who write and read reports."""

PERIODS_SHOWN = 24

Cell = str | int | float


class ReportRefused(Lacking):
    """This report cannot be delivered so; says why."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a query gave for the agency and the period."""

    query: Query
    arguments: tuple[object, ...]
    """What $1, $2, … were."""
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A report as it was delivered."""

    by: Actor
    at: datetime
    statement: str
    sha256: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report of a period, with its figures as the stores have them now."""

    profile: AgencyProfile
    report: Report
    period: Period
    at: datetime
    figures: tuple[Figure, ...]
    delivery: Delivery | None = None
    statement: str = ""
    """What whoever delivers it says besides, such as which investigations were significant."""
    by: Actor | None = None


class Figures(Protocol):
    """The stores, to ask."""

    async def ask(self, query: Query, agency_id: str, arguments: tuple[object, ...]) -> tuple[tuple[Cell, ...], ...]:
        """The rows that a query gives within the agency's scope."""


class ReportStore(Protocol):
    """Where deliveries are kept."""

    async def delivered(self, agency_id: str) -> Mapping[tuple[str, date], datetime]:
        """When each report and period was delivered."""

    async def delivery(self, agency_id: str, report_id: str, period: date) -> Delivery | None:
        """A report as it was delivered."""

    async def deliver(self, agency_id: str, report_id: str, period: date, delivery: Delivery) -> bool:
        """Keeps a delivery; False when there is one already."""


class Reports:
    """The reports of the person's own agency."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        figures: Figures,
        store: ReportStore,
        policies: PolicyCatalogue,
        write: Callable[[WrittenReport], bytes],
        begun_at: Callable[[str], Awaitable[datetime | None]],
        now: Callable[[], datetime],
    ) -> None:
        """`begun_at` says when an agency began here, None where it has not."""
        self._gate, self._figures, self._store = gate, figures, store
        self._policies, self._write, self._begun_at, self._now = policies, write, begun_at, now

    async def all(self, session: Session, address: str) -> list[Owed]:
        """What is owed, newest first; raises NotAllowed, NotRecorded."""
        require(session, "read-reports")
        async with self._gate.look_at_own(session, "view-report", {"reports": "all"}, REPORTING, address) as look:
            owed = await self.owed(session.person.agency_id)
            look.results = len(owed)
        return owed

    async def owed(self, agency_id: str) -> list[Owed]:
        """The reports that an agency owes of the periods that are over, newest first."""
        profile = self._policies[agency_id]
        begun_at = await self._begun_at(agency_id)
        if begun_at is None:
            return []
        zone = ZoneInfo(profile.timezone)
        begun_on, today = begun_at.astimezone(zone).date(), self._now().astimezone(zone).date()
        delivered = await self._store.delivered(agency_id)
        found = []
        for report in profile.reports.reports:
            for period in ended_periods(report, begun_on, today)[:PERIODS_SHOWN]:
                at, due = delivered.get((report.id, period.first_day)), due_on(report, period)
                found.append(Owed(report, period, due, at, at is None and today > due))
        return sorted(found, key=lambda one: one.due_on, reverse=True)

    async def one(self, session: Session, report_id: str, day: date | None, address: str) -> WrittenReport:
        """A report of the period of this day, or of now; raises NotAllowed, NoSuchRecord, NotRecorded."""
        require(session, "read-reports")
        profile = self._policies[session.person.agency_id]
        report = known_reports(profile).get(report_id)
        if report is None:
            raise NoSuchRecord(report_id)
        period = period_of(report, day or self._now().astimezone(ZoneInfo(profile.timezone)).date())
        query = {"report": report_id, "period": period.first_day.isoformat()}
        async with self._gate.look_at_own(session, "view-report", query, REPORTING, address) as look:
            figures = await self._asked(profile, period)
            delivery = await self._store.delivery(profile.id, report_id, period.first_day)
            look.results = len(figures)
        return WrittenReport(profile, report, period, self._now(), figures, delivery)

    def document(self, written: WrittenReport) -> bytes:
        """The report as a document: as it was delivered, once it was."""
        return self._write(written) if written.delivery is None else written.delivery.content

    async def deliver(self, session: Session, report_id: str, day: date, statement: str, address: str) -> None:
        """Delivers a report of a period that is over; raises NotAllowed, ReportRefused, NoSuchRecord, NotRecorded."""
        require(session, "conduct-audits")
        written = await self.one(session, report_id, day, address)
        at, zone = self._now(), ZoneInfo(written.profile.timezone)
        missing = list(unwritable({"statement": statement}))
        if at < written.period.bounds(zone)[1]:
            missing.append(Missing("period", "is not over yet"))
        if missing:
            raise ReportRefused(*missing)
        by = session.person.actor
        stated = WrittenReport(
            *(written.profile, written.report, written.period, at, written.figures), statement=statement.strip(), by=by
        )
        content = self._write(stated)
        sha256 = hashlib.sha256(content).digest()
        query = {"report": report_id, "period": written.period.first_day.isoformat(), "sha256": sha256.hex()}
        delivery = Delivery(by, at, statement.strip(), sha256, content)
        async with self._gate.look_at_own(session, "deliver-report", query, REPORTING, address) as look:
            if not await self._store.deliver(written.profile.id, report_id, written.period.first_day, delivery):
                raise ReportRefused(Missing("report", "was delivered already"))
            look.results = 1

    async def _asked(self, profile: AgencyProfile, period: Period) -> tuple[Figure, ...]:
        since, until = period.bounds(ZoneInfo(profile.timezone))
        until_now = min(until, self._now())
        known: dict[Parameter, object] = {"agency": profile.id, "since": since, "until": until_now}
        found = []
        for query in ALL:
            if query is INSPECTIONS:
                if profile.cameras.inspection_every_days is None:
                    continue
                known["inspection_days"] = profile.cameras.inspection_every_days
            arguments = tuple(known[name] for name in query.parameters)
            found.append(Figure(query, arguments, await self._figures.ask(query, profile.id, arguments)))
        return tuple(found)
