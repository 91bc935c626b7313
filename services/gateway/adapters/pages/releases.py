"""The page of releases: what others ask for in writing, and each step until they have it."""

import uuid
from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request, Response

from services.gateway.adapters.api.releases import as_download
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.gateway import Gateway
from services.gateway.people import Session
from services.gateway.releases.request import KINDS, NewRelease, Release, ReleaseRefused, deciders

KIND_WORDS = {
    "law-enforcement": "A law-enforcement agency",
    "prosecutorial": "A prosecutor's office",
    "court-order": "Somebody with a court's order",
    "public-records": "Somebody under public-records law",
    "subject": "Somebody who is in the data",
    "media": "The press",
}


def release_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of releases."""

    async def listed(
        request: Request, session: Session, filled: Filled, problem: str = "", of: uuid.UUID | None = None
    ) -> Response:
        releases = await gateway.releases.shown(session, address_of(request))
        profile = frame.profile(session)
        content = {
            "releases": [(one, session.person.title in deciders(profile, one.track)) for one in releases],
            "searches": await gateway.releases.searches(session),
            "kinds": [(kind, KIND_WORDS[kind]) for kind in KINDS],
            "filled": filled,
            "problem": problem,
            "problem_of": of,
        }
        status = 422 if problem or filled.errors else 200
        return frame.page(request, "releases.html", session, status=status, **content)

    async def stepped(request: Request, session: Session, release_id: uuid.UUID, step: Awaitable[Release]) -> Response:
        try:
            await step
        except ReleaseRefused as refused:
            return await listed(request, session, Filled({}), str(refused), release_id)
        return see_other(f"/releases#release-{release_id}")

    @router.get("/releases")
    async def releases(request: Request) -> Response:
        return await listed(request, await frame.session(request), Filled({}))

    @router.post("/releases")
    async def receive(request: Request) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        new = NewRelease(
            kind=filled.text("kind"),
            agency=filled.text("agency"),
            person=filled.text("person"),
            contact=filled.text("contact"),
            purpose=filled.text("purpose"),
            authority=filled.text("authority"),
            letter=filled.text("letter"),
            asked_for=filled.text("asked_for"),
            plate=filled.text("plate"),
            case_number=filled.text("case_number"),
            captured_from=_time(filled, "captured_from", frame.zone(session)),
            captured_until=_time(filled, "captured_until", frame.zone(session)),
        )
        try:
            release = await gateway.releases.receive(session, new, address_of(request))
        except ReleaseRefused as refused:
            filled.lacks(refused.missing)
            return await listed(request, session, filled)
        return see_other(f"/releases#release-{release.id}")

    @router.post("/releases/{release_id}/decision")
    async def decide(
        request: Request,
        release_id: uuid.UUID,
        decision: Annotated[str, Form()],
        statement: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        session, agreed = await frame.session(request), decision == "approve"
        address = address_of(request)
        step = gateway.releases.decide(session, release_id, agreed=agreed, statement=statement, address=address)
        return await stepped(request, session, release_id, step)

    @router.post("/releases/{release_id}/package")
    async def pack(request: Request, release_id: uuid.UUID, search_id: Annotated[uuid.UUID, Form()]) -> Response:
        session = await frame.session(request)
        step = gateway.releases.pack(session, release_id, search_id, address_of(request))
        return await stepped(request, session, release_id, step)

    @router.get("/releases/{release_id}/package")
    async def download(request: Request, release_id: uuid.UUID) -> Response:
        session = await frame.session(request)
        return as_download(*await gateway.releases.download(session, release_id, address_of(request)))

    @router.post("/releases/{release_id}/handover")
    async def hand_over(
        request: Request,
        release_id: uuid.UUID,
        to: Annotated[str, Form(max_length=200)] = "",
        how: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        session = await frame.session(request)
        step = gateway.releases.hand_over(session, release_id, to=to, how=how, address=address_of(request))
        return await stepped(request, session, release_id, step)


def _time(filled: Filled, name: str, zone: ZoneInfo) -> datetime | None:
    """A time that need not be filled in."""
    return filled.time(name, zone) if filled.text(name) else None
