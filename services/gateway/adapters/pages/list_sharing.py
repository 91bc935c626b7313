"""The page on which is said which of the agency's lists may leave it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.entries.new_entry import InvalidEntry
from services.gateway.gateway import Gateway
from services.gateway.people import Session


def list_sharing_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of lists that may leave."""

    async def listed(request: Request, session: Session, problem: str = "", of: str = "") -> Response:
        decisions = {one.list_id: one for one in await gateway.list_sharing.shown(session, address_of(request))}
        lists = [(one, decisions.get(one.list)) for one in frame.profile(session).hot_lists.designations]
        content = {
            "lists": sorted(lists, key=lambda one: one[1] is None or not one[1].allowed),
            "problem": problem,
            "problem_of": of,
        }
        return frame.page(request, "list_sharing.html", session, status=422 if problem else 200, **content)

    @router.get("/hot-list/sharing")
    async def sharing(request: Request) -> Response:
        return await listed(request, await frame.session(request))

    @router.post("/hot-list/sharing")
    async def decide(
        request: Request,
        list_id: Annotated[str, Form(max_length=200)],
        decision: Annotated[str, Form()],
        statement: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        session, allowed = await frame.session(request), decision == "allow"
        try:
            await gateway.list_sharing.decide(
                session, list_id, allowed=allowed, statement=statement, address=address_of(request)
            )
        except InvalidEntry as invalid:
            return await listed(request, session, str(invalid), list_id)
        return see_other(f"/hot-list/sharing#list-{list_id}")
