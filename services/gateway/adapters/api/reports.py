"""Reports over the API."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.adapters.report_files import asked as asked_again
from services.gateway.adapters.report_files import report_csv
from services.gateway.reports.periods import ACTIVITY, Owed
from services.gateway.reports.reports import WrittenReport
from services.gateway.writing import SEEN_ALONE

routes = APIRouter(prefix="/v1/reports", tags=["reports"])

ReportId = Annotated[
    str, Query(max_length=100, pattern=SEEN_ALONE, description="A report's id; activity is always there.")
]
Day = Annotated[date | None, Query(description="A day of the period; today where none is given.")]


class OwedShown(BaseModel):
    """A report of a period that is over, and how it stands."""

    report: str
    label: str
    to: str
    first_day: date
    period: str
    due_on: date
    delivered_at: datetime | None
    overdue: bool


class FigureShown(BaseModel):
    """A figure, and the query that gives it."""

    id: str
    title: str
    says: str
    columns: list[str]
    rows: list[list[str | int | float]]
    query: str


class ReportShown(BaseModel):
    """A report of a period."""

    report: str
    label: str
    first_day: date
    period: str
    figures: list[FigureShown]
    delivered_at: datetime | None
    delivered_sha256: str | None


class DeliveryGiven(Asked):
    """Which report is delivered, and what is said with it."""

    report: Annotated[str, Field(max_length=100)]
    day: date
    statement: Annotated[str, Field(max_length=4000)] = ""


@routes.get("", summary="The reports that the agency owes")
async def owed(session: Caller, gateway: TheGateway, address: Address) -> list[OwedShown]:
    """Of the periods that are over, newest first."""
    return [_owed(one) for one in await gateway.reports.all(session, address)]


@routes.get("/figures", summary="A report")
async def figures(
    session: Caller, gateway: TheGateway, address: Address, report: ReportId = ACTIVITY.id, day: Day = None
) -> ReportShown:
    """With its figures as the stores have them now."""
    return _shown(await gateway.reports.one(session, report, day, address))


@routes.get(
    "/csv",
    summary="A report as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The figures."}},
)
async def as_csv(
    session: Caller, gateway: TheGateway, address: Address, report: ReportId = ACTIVITY.id, day: Day = None
) -> Response:
    """The figures, each under its query."""
    written = await gateway.reports.one(session, report, day, address)
    return Response(report_csv(written), media_type="text/csv; charset=utf-8")


@routes.get(
    "/pdf",
    summary="A report as PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The report."}},
)
async def as_pdf(
    session: Caller, gateway: TheGateway, address: Address, report: ReportId = ACTIVITY.id, day: Day = None
) -> Response:
    """With charts; as it was delivered, once it was."""
    written = await gateway.reports.one(session, report, day, address)
    return Response(gateway.reports.document(written), media_type="application/pdf")


@routes.post("/deliveries", status_code=204, summary="Deliver a report")
async def deliver(given: DeliveryGiven, session: Caller, gateway: TheGateway, address: Address) -> None:
    """Of a period that is over; it is kept as it was delivered."""
    await gateway.reports.deliver(session, given.report, given.day, given.statement, address)


def _owed(one: Owed) -> OwedShown:
    return OwedShown(
        report=one.report.id,
        label=one.report.label,
        to=one.report.to,
        first_day=one.period.first_day,
        period=one.period.label,
        due_on=one.due_on,
        delivered_at=one.delivered_at,
        overdue=one.overdue,
    )


def _shown(written: WrittenReport) -> ReportShown:
    return ReportShown(
        report=written.report.id,
        label=written.report.label,
        first_day=written.period.first_day,
        period=written.period.label,
        figures=[
            FigureShown(
                id=one.query.id,
                title=one.query.title,
                says=one.query.says,
                columns=list(one.query.columns),
                rows=[list(row) for row in one.rows],
                query=asked_again(one),
            )
            for one in written.figures
        ],
        delivered_at=written.delivery.at if written.delivery else None,
        delivered_sha256=written.delivery.sha256.hex() if written.delivery else None,
    )
