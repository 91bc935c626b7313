"""The pages that people use: signing in, the desk, searching, the hot list, the cameras."""

import uuid
from typing import get_args

from fastapi import APIRouter, Request, Response

from plateward.contracts.hot_list import Category, Priority
from plateward.kernel import clock
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.alarms import alarm_pages
from services.gateway.adapters.pages.approvals import approval_pages
from services.gateway.adapters.pages.audits import audit_pages
from services.gateway.adapters.pages.cameras import camera_pages
from services.gateway.adapters.pages.compiled_lists import compiled_pages
from services.gateway.adapters.pages.deliveries import delivery_pages
from services.gateway.adapters.pages.entries import entry_pages
from services.gateway.adapters.pages.exchange import exchange_pages
from services.gateway.adapters.pages.forms import Filled, empty_entry, entry_asked, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.adapters.pages.health import health_pages
from services.gateway.adapters.pages.holds import hold_pages
from services.gateway.adapters.pages.list_sharing import list_sharing_pages
from services.gateway.adapters.pages.lists import list_pages
from services.gateway.adapters.pages.partners import partner_pages
from services.gateway.adapters.pages.people import people_pages
from services.gateway.adapters.pages.releases import release_pages
from services.gateway.adapters.pages.reports import report_pages
from services.gateway.adapters.pages.searches import search_pages
from services.gateway.adapters.pages.sharing import sharing_pages
from services.gateway.adapters.pages.sign_in import sign_in_pages
from services.gateway.adapters.pages.words import PRIORITY_ORDER
from services.gateway.entries.new_entry import InvalidEntry
from services.gateway.gateway import Gateway
from services.gateway.hits import SeenHit
from services.gateway.people import Session

DESK_HITS = 30
"""How many of the newest hits the desk opens with: at 4.5 kB each, the page with its styles stays under 200 kB."""


def pages(gateway: Gateway) -> APIRouter:
    """All pages of a gateway."""
    frame = Frame(gateway)
    router = APIRouter(route_class=frame.route_class(), include_in_schema=False)
    sign_in_pages(router, gateway, frame)
    _desk_pages(router, gateway, frame)
    search_pages(router, gateway, frame)
    approval_pages(router, gateway, frame)
    _hot_list_pages(router, gateway, frame)
    entry_pages(router, gateway, frame)
    release_pages(router, gateway, frame)
    list_pages(router, gateway, frame)
    compiled_pages(router, gateway, frame)
    list_sharing_pages(router, gateway, frame)
    camera_pages(router, gateway, frame)
    people_pages(router, gateway, frame)
    alarm_pages(router, gateway, frame)
    health_pages(router, gateway, frame)
    hold_pages(router, gateway, frame)
    sharing_pages(router, gateway, frame)
    partner_pages(router, gateway, frame)
    delivery_pages(router, gateway, frame)
    exchange_pages(router, gateway, frame)
    audit_pages(router, gateway, frame)
    report_pages(router, gateway, frame)
    return router


def _desk_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    @router.get("/desk")
    async def desk(request: Request) -> Response:
        session = await frame.session(request)
        hits = await gateway.hits.recent(session, address_of(request), DESK_HITS)
        newest = max((seen.sequence for seen in hits), default=0)
        silent = await gateway.hits.silent_lists(session)
        return frame.page(
            request, "desk.html", session, hits=sorted(hits, key=_by_urgency), newest=newest, silent_lists=silent
        )

    @router.get("/desk/hits/{hit_id}")
    async def hit(request: Request, hit_id: uuid.UUID) -> Response:
        session = await frame.session(request)
        seen = await gateway.hits.one(session, hit_id, address_of(request))
        return frame.page(request, "_arrival.html", session, seen=seen)


def _hot_list_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    async def listed(request: Request, session: Session, filled: Filled, status: int = 200) -> Response:
        entries = await gateway.hot_list.entries(session, address_of(request))
        choices = {"categories": get_args(Category), "priorities": get_args(Priority)}
        content = choices | {"entries": entries, "filled": filled}
        return frame.page(request, "hot_list.html", session, status=status, **content)

    @router.get("/hot-list")
    async def entries(request: Request) -> Response:
        session = await frame.session(request)
        return await listed(request, session, empty_entry(frame.zone(session), clock.now()))

    @router.post("/hot-list")
    async def enter(request: Request) -> Response:
        session = await frame.session(request)
        filled = await filled_in(request)
        new = entry_asked(filled, frame.zone(session))
        if new is not None:
            try:
                entry = await gateway.hot_list.enter(session, new, address_of(request))
            except InvalidEntry as invalid:
                filled.lacks(invalid.missing)
            else:
                return see_other(f"/hot-list#entry-{entry.id}")
        return await listed(request, session, filled, status=422)

    @router.post("/hot-list/{entry_id}/remove")
    async def remove(request: Request, entry_id: uuid.UUID) -> Response:
        session = await frame.session(request)
        await gateway.hot_list.remove(session, entry_id, address_of(request))
        return see_other("/hot-list")

    @router.post("/hot-list/{entry_id}/recovery")
    async def suspend(request: Request, entry_id: uuid.UUID) -> Response:
        session = await frame.session(request)
        filled = await filled_in(request)
        # Who is signed in has found it, unless the form says somebody else.
        found_by = filled.text("found_by") or session.person.name
        try:
            await gateway.hot_list.suspend(session, entry_id, found_by, address_of(request))
        except InvalidEntry as invalid:
            advice = "Nothing was changed. Go back to the hot list."
            return await frame.refusal(request, 422, "It cannot be marked so", f"{invalid}.", advice)
        return see_other(f"/hot-list#entry-{entry_id}")


def _by_urgency(seen: SeenHit) -> tuple[int, int]:
    return PRIORITY_ORDER.index(seen.hit.entry.priority), -seen.sequence
