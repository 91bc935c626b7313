"""The page of who approves entries, and the forms that renew one."""

import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from plateward.kernel import clock
from plateward.policy.reasons import Missing
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.entries.approval import Decided
from services.gateway.entries.new_entry import InvalidEntry
from services.gateway.gateway import Gateway
from services.gateway.people import Session

Words = Annotated[str, Form(max_length=2000)]


def entry_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of requests about entries, and where they are decided and made."""

    async def listed(
        request: Request, session: Session, problem: Sequence[Missing] = (), of: uuid.UUID | None = None
    ) -> Response:
        shown = await gateway.entry_approvals.shown(session, address_of(request))
        content = {"requests": shown, "problem": problem, "problem_of": of}
        return frame.page(request, "entry_requests.html", session, status=422 if problem else 200, **content)

    @router.get("/hot-list/requests")
    async def requests(request: Request) -> Response:
        return await listed(request, await frame.session(request))

    @router.post("/hot-list/{entry_id}/approval")
    async def decide(
        request: Request,
        entry_id: uuid.UUID,
        decision: Annotated[str, Form()],
        statement: Words = "",
        unreachable: Words = "",
    ) -> Response:
        session = await frame.session(request)
        said = Decided(decision == "approve", statement, unreachable)
        try:
            await gateway.entry_approvals.decide(session, entry_id, said, address_of(request))
        except InvalidEntry as invalid:
            return await listed(request, session, invalid.missing, entry_id)
        return see_other(f"/hot-list/requests#entry-{entry_id}")

    @router.post("/hot-list/{entry_id}/renewal")
    async def renew(request: Request, entry_id: uuid.UUID) -> Response:
        session = await frame.session(request)
        filled = await filled_in(request)
        # What is no time is refused as one that does not lie ahead.
        expires_at = filled.time("expires_at", frame.zone(session)) or clock.now()
        statement = filled.text("statement")
        try:
            await gateway.entry_approvals.renew(session, entry_id, expires_at, statement, address_of(request))
        except InvalidEntry as invalid:
            advice = "Nothing was changed. Go back to the hot list and renew it with what was missing."
            return await frame.refusal(request, 422, "It cannot be renewed so", f"{invalid}.", advice)
        return see_other(f"/hot-list#entry-{entry_id}")
