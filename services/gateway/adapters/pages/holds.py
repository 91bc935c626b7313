"""The page of evidence: what cases lose soon, holds asked for, agreed to, and in evidence."""

import uuid
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from plateward.kernel import clock
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.evidence.hold import InvalidHold, NewHold
from services.gateway.gateway import Gateway
from services.gateway.people import Session


def hold_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of evidence."""

    async def shown(
        request: Request,
        session: Session,
        filled: Filled | None = None,
        problem: str = "",
        of: uuid.UUID | None = None,
    ) -> Response:
        shelf = await gateway.holds.shelf(session, address_of(request))
        today = clock.now().date()
        content = {
            "due": shelf.due,
            "holds": [(one, one.state(today)) for one in shelf.holds],
            "filled": filled or Filled({"read_ids": request.query_params.get("reads", "")}),
            "problem": problem,
            "problem_of": of,
            "own_id": str(session.person.id),
            "own_agency": session.person.agency_id,
        }
        refused = problem or (filled is not None and filled.errors)
        return frame.page(request, "evidence.html", session, status=422 if refused else 200, **content)

    @router.get("/evidence")
    async def evidence(request: Request) -> Response:
        return await shown(request, await frame.session(request))

    @router.post("/evidence")
    async def ask(request: Request) -> Response:
        session = await frame.session(request)
        filled = await filled_in(request)
        new = _asked(filled)
        if new is not None:
            try:
                hold = await gateway.holds.ask(session, new, address_of(request))
            except InvalidHold as invalid:
                filled.lacks(invalid.missing)
            else:
                return see_other(f"/evidence#hold-{hold.id}")
        return await shown(request, session, filled)

    @router.post("/evidence/{hold_id}")
    async def decide(
        request: Request,
        hold_id: uuid.UUID,
        decision: Annotated[str, Form()],
        statement: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        session = await frame.session(request)
        try:
            await gateway.holds.decide(
                session, hold_id, agreed=decision == "agree", statement=statement, address=address_of(request)
            )
        except InvalidHold as refused:
            return await shown(request, session, problem=str(refused), of=hold_id)
        return see_other(f"/evidence#hold-{hold_id}")


def _asked(filled: Filled) -> NewHold | None:
    """The hold as it was written; None where its end is no day or a read no number. The domain checks the rest."""
    try:
        ends_on = date.fromisoformat(filled.text("ends_on"))
    except ValueError:
        filled.errors["ends_on"] = "must be a day, such as 2027-03-01"
    try:
        read_ids = tuple(uuid.UUID(word) for word in filled.text("read_ids").replace(",", " ").split())
    except ValueError:
        filled.errors["read_ids"] = "must be the numbers of reads, as a search shows them"
    if filled.errors:
        return None
    return NewHold(
        case_number=filled.text("case_number"), reason=filled.text("reason"), ends_on=ends_on, read_ids=read_ids
    )
