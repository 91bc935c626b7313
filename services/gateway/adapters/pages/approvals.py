"""The page on which supervisors agree to searches, and on which those who asked see what became of it."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from plateward.kernel import clock
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.adapters.pages.searches import said
from services.gateway.gateway import Gateway
from services.gateway.people import Session
from services.gateway.searching.approvals import DecisionRefused


def approval_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of approvals."""

    async def listed(request: Request, session: Session, problem: str = "", of: uuid.UUID | None = None) -> Response:
        requests = await gateway.approvals.shown(session, address_of(request))
        at, profile = clock.now(), frame.profile(session)
        content = {
            "requests": [(one, one.state(at), said(profile, one.question, one.reason)) for one in requests],
            "may_decide": gateway.approvals.may_decide(session),
            "problem": problem,
            "problem_of": of,
            "own_id": str(session.person.id),
        }
        return frame.page(request, "approvals.html", session, status=422 if problem else 200, **content)

    @router.get("/approvals")
    async def approvals(request: Request) -> Response:
        return await listed(request, await frame.session(request))

    @router.post("/approvals/{approval_id}")
    async def decide(
        request: Request,
        approval_id: uuid.UUID,
        decision: Annotated[str, Form()],
        statement: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        session = await frame.session(request)
        try:
            await gateway.approvals.decide(
                session, approval_id, agreed=decision == "agree", statement=statement, address=address_of(request)
            )
        except DecisionRefused as refused:
            return await listed(request, session, str(refused), approval_id)
        return see_other(f"/approvals#approval-{approval_id}")
