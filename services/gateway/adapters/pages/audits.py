"""The pages of audits: how the agency stands, one audit with its inquiries, the memorandum."""

import uuid
from collections.abc import Awaitable, Callable
from typing import get_args

from fastapi import APIRouter, Request, Response

from plateward.policy.reasons import Missing
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.audits.audit import AuditRefused, Verdict
from services.gateway.audits.memorandum import VERDICT_WORDS, case_words, outcome_words, purpose_words
from services.gateway.gateway import Gateway
from services.gateway.people import Session

Act = Callable[[Session, Filled], Awaitable[object]]

STATE_WORDS = {
    "waiting": "Waiting for the lot",
    "drawn": "Being judged",
    "closed": "Waiting for review",
    "filed": "On file",
}


def audit_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the pages of audits."""

    async def listed(request: Request, session: Session, problem: str = "") -> Response:
        standing, audits = await gateway.audits.all(session, address_of(request))
        content = {"standing": standing, "audits": audits, "state_words": STATE_WORDS, "problem": problem}
        return frame.page(request, "audits.html", session, status=422 if problem else 200, **content)

    async def shown(
        request: Request, session: Session, audit_id: uuid.UUID, filled: Filled, place: int | None = None
    ) -> Response:
        audit, inquiries = await gateway.audits.one(session, audit_id, address_of(request))
        content = {
            "audit": audit,
            "inquiries": inquiries,
            "filled": filled,
            "filled_place": place,
            "state_words": STATE_WORDS,
            "verdict_words": VERDICT_WORDS,
            "purpose_words": purpose_words,
            "case_words": case_words,
            "outcome_words": outcome_words,
            "own_id": str(session.person.id),
        }
        return frame.page(request, "audit.html", session, status=422 if filled.errors else 200, **content)

    async def done(request: Request, audit_id: uuid.UUID, act: Act, place: int | None = None) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        try:
            await act(session, filled)
        except AuditRefused as refused:
            filled.lacks(refused.missing)
            return await shown(request, session, audit_id, filled, place)
        return see_other(f"/audits/{audit_id}" + (f"#inquiry-{place}" if place else ""))

    @router.get("/audits")
    async def audits(request: Request) -> Response:
        return await listed(request, await frame.session(request))

    @router.post("/audits")
    async def open_audit(request: Request) -> Response:
        session = await frame.session(request)
        try:
            audit = await gateway.audits.open(session, address_of(request))
        except AuditRefused as refused:
            return await listed(request, session, str(refused))
        return see_other(f"/audits/{audit.id}")

    @router.get("/audits/{audit_id}")
    async def audit(request: Request, audit_id: uuid.UUID) -> Response:
        return await shown(request, await frame.session(request), audit_id, Filled({}))

    @router.post("/audits/{audit_id}/inquiries/{place}")
    async def judge(request: Request, audit_id: uuid.UUID, place: int) -> Response:
        async def act(session: Session, filled: Filled) -> None:
            await gateway.audits.judge(
                *(session, audit_id, place, _verdict(filled), filled.text("data_errors"), filled.text("note")),
                address_of(request),
            )

        return await done(request, audit_id, act, place)

    @router.post("/audits/{audit_id}/close")
    async def close(request: Request, audit_id: uuid.UUID) -> Response:
        async def act(session: Session, filled: Filled) -> None:
            await gateway.audits.close(session, audit_id, filled.text("statement"), address_of(request))

        return await done(request, audit_id, act)

    @router.post("/audits/{audit_id}/review")
    async def review(request: Request, audit_id: uuid.UUID) -> Response:
        async def act(session: Session, filled: Filled) -> None:
            await gateway.audits.review(session, audit_id, filled.text("statement"), address_of(request))

        return await done(request, audit_id, act)

    @router.get("/audits/{audit_id}/memorandum.pdf")
    async def memorandum(request: Request, audit_id: uuid.UUID) -> Response:
        session = await frame.session(request)
        document = await gateway.audits.memorandum(session, audit_id, address_of(request))
        headers = {"Content-Disposition": f'inline; filename="memorandum-{audit_id}.pdf"'}
        return Response(document, media_type="application/pdf", headers=headers)


def _verdict(filled: Filled) -> Verdict:
    for verdict in get_args(Verdict):
        if filled.text("verdict") == verdict:
            given: Verdict = verdict
            return given
    raise AuditRefused(Missing("verdict", "choose what you found"))
