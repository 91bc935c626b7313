"""The pages of a search: what it is for, the question, what was found, and taking it along."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from plateward.contracts.access import Reason
from plateward.contracts.partners import PageAfter
from plateward.kernel import clock
from plateward.policy.profile import AgencyProfile
from services.gateway.adapters.api.exports import as_download
from services.gateway.adapters.api.inquiry_bodies import Moment
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.adapters.pages.search_forms import asked_broadly, empty_search, search_asked, search_filled_in
from services.gateway.adapters.pages.search_map import ground
from services.gateway.gateway import Gateway
from services.gateway.people import Session, require
from services.gateway.search import Answer
from services.gateway.searching.approval import ApprovalNeeded
from services.gateway.searching.breadth import Breadth
from services.gateway.searching.export_files import ExportFormat
from services.gateway.searching.inquiry_gate import ReasonRefused
from services.gateway.searching.question import Position, Question


def search_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the pages of searching."""

    async def form_page(
        request: Request, session: Session, filled: Filled, status: int = 200, why: tuple[str, ...] = ()
    ) -> Response:
        cameras = await gateway.search.known_cameras(session)
        others = [one for one in gateway.policies.values() if one.id != session.person.agency_id]
        content = {"filled": filled, "cameras": cameras, "supervised": why, "others": others}
        content["regions"] = gateway.regions.all
        found = await broadly(session, filled)
        return frame.page(request, "search.html", session, status=status, found=found, **content)

    async def broadly(session: Session, filled: Filled) -> Breadth | None:
        asked = asked_broadly(filled, frame.profile(session), frame.zone(session))
        return None if asked is None else await gateway.search.breadth(session, *asked)

    def answer_page(request: Request, session: Session, answer: Answer, filled: Filled | None) -> Response:
        question, reason = answer.search.question, answer.search.reason
        return frame.page(
            request,
            "results.html",
            session,
            answer=answer,
            question=question,
            said=said(frame.profile(session), question, reason),
            pictures=gateway.search.picture_paths(session, answer),
            ground=ground(answer.all_reads, question.area),
            filled=filled,
        )

    @router.get("/search")
    async def form(request: Request) -> Response:
        session = await frame.session(request)
        require(session, "search")
        return await form_page(request, session, empty_search(frame.zone(session), clock.now()))

    @router.post("/search")
    async def search(request: Request) -> Response:
        session = await frame.session(request)
        require(session, "search")
        filled = await search_filled_in(request)
        if filled.text("change") or filled.text("count"):
            return await form_page(request, session, filled)
        asked = search_asked(filled, frame.profile(session), frame.zone(session))
        if asked is None:
            return await form_page(request, session, filled, status=422)
        question, reason = asked
        try:
            if filled.text("supervisor"):
                await gateway.approvals.ask(session, question, reason, address_of(request))
                return see_other("/approvals")
            async with gateway.search.run(session, question, reason, address_of(request)) as answer:
                return answer_page(request, session, answer, filled)
        except ReasonRefused as refused:
            filled.lacks(refused.missing)
            return await form_page(request, session, filled, status=422)
        except ApprovalNeeded as needed:
            return await form_page(request, session, filled, status=409, why=needed.why)

    @router.post("/search/breadth")
    async def breadth(request: Request) -> Response:
        session = await frame.session(request)
        require(session, "search")
        filled = await search_filled_in(request)
        return frame.page(request, "_breadth.html", session, filled=filled, found=await broadly(session, filled))

    @router.post("/approvals/{approval_id}/search")
    async def search_as_agreed(request: Request, approval_id: uuid.UUID) -> Response:
        session = await frame.session(request)
        agreed = await gateway.approvals.agreed_question(session, approval_id)
        try:
            async with gateway.search.run(session, agreed.question, agreed.reason, address_of(request)) as answer:
                return answer_page(request, session, answer, None)
        except (ReasonRefused, ApprovalNeeded):
            return see_other("/approvals")

    @router.post("/searches/{search_id}/pages")
    async def page(
        request: Request,
        search_id: uuid.UUID,
        captured_at: Annotated[Moment, Form()],
        read_id: Annotated[uuid.UUID, Form()],
    ) -> Response:
        session = await frame.session(request)
        after = Position(captured_at, read_id)
        async with gateway.search.page(session, search_id, after, address_of(request)) as answer:
            return answer_page(request, session, answer, None)

    @router.post("/searches/{search_id}/elsewhere")
    async def page_elsewhere(
        request: Request,
        search_id: uuid.UUID,
        region: Annotated[str, Form(max_length=60)],
        began: Annotated[uuid.UUID, Form()],
        captured_at: Annotated[Moment, Form()],
        read_id: Annotated[uuid.UUID, Form()],
    ) -> Response:
        session = await frame.session(request)
        after = PageAfter(search=began, captured_at=captured_at, read_id=read_id)
        answer = await gateway.search.page_elsewhere(session, search_id, region, after, address_of(request))
        return answer_page(request, session, answer, None)

    @router.post("/searches/{search_id}/exports")
    async def export(request: Request, search_id: uuid.UUID, format: Annotated[ExportFormat, Form()]) -> Response:
        session = await frame.session(request)
        made = await gateway.exports.make(session, search_id, format, address_of(request))
        return as_download(await gateway.exports.download(session, made.id, address_of(request)))


def said(profile: AgencyProfile, question: Question, reason: Reason) -> list[tuple[str, str]]:
    """Purpose, reason and question in the words of the agency's own forms."""
    purpose = next((one.label for one in profile.purposes.allowed if one.id == reason.purpose), reason.purpose)
    form = next((one for one in profile.reasons.forms if one.id == reason.form), None)
    fields = [] if form is None else [(one.label, reason.values.get(one.name, "")) for one in form.fields]
    names = {"captured_from", "captured_until", "plate"}
    asked = [(name.capitalize(), value) for name, value in question.as_query.items() if name not in names]
    return [("Purpose", purpose), *fields, *asked]
