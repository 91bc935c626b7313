"""The pages of reports: what is owed, and a report with its figures."""

from datetime import date

from fastapi import APIRouter, Request, Response

from plateward.policy.reasons import Missing
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.adapters.report_files import asked, report_csv, shown
from services.gateway.gateway import Gateway
from services.gateway.people import Session
from services.gateway.reports.periods import ACTIVITY
from services.gateway.reports.queries import NOT_KEPT
from services.gateway.reports.reports import ReportRefused


def report_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the pages of reports."""

    async def report_page(
        request: Request, session: Session, report: str, day: date | None, filled: Filled
    ) -> Response:
        written = await gateway.reports.one(session, report, day, address_of(request))
        content = {
            "written": written,
            "over": written.period.bounds(frame.zone(session))[1] <= written.at,
            "not_kept": NOT_KEPT,
            "asked": asked,
            "shown": shown,
            "filled": filled,
        }
        return frame.page(request, "report.html", session, status=422 if filled.errors else 200, **content)

    @router.get("/reports")
    async def reports(request: Request) -> Response:
        session = await frame.session(request)
        owed = await gateway.reports.all(session, address_of(request))
        return frame.page(request, "reports.html", session, owed=owed)

    @router.get("/reports/figures")
    async def figures(request: Request, report: str = ACTIVITY.id, day: date | None = None) -> Response:
        return await report_page(request, await frame.session(request), report, day, Filled({}))

    @router.post("/reports/deliveries")
    async def deliver(request: Request) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        report, day = filled.text("report"), _day(filled)
        try:
            if day is None:
                raise ReportRefused(Missing("day", "must be a day, such as 2026-03-01"))
            await gateway.reports.deliver(session, report, day, filled.text("statement"), address_of(request))
        except ReportRefused as refused:
            filled.lacks(refused.missing)
            return await report_page(request, session, report, day, filled)
        return see_other(f"/reports/figures?report={report}&day={day}")

    @router.get("/reports/report.csv")
    async def as_csv(request: Request, report: str = ACTIVITY.id, day: date | None = None) -> Response:
        session = await frame.session(request)
        written = await gateway.reports.one(session, report, day, address_of(request))
        return _file(report_csv(written), "text/csv; charset=utf-8", f"{report}-{written.period.first_day}.csv")

    @router.get("/reports/report.pdf")
    async def as_pdf(request: Request, report: str = ACTIVITY.id, day: date | None = None) -> Response:
        session = await frame.session(request)
        written = await gateway.reports.one(session, report, day, address_of(request))
        name = f"{report}-{written.period.first_day}.pdf"
        return _file(gateway.reports.document(written), "application/pdf", name)


def _day(filled: Filled) -> date | None:
    try:
        return date.fromisoformat(filled.text("day"))
    except ValueError:
        return None


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
