"""The page of compiled lists: what each is made of, who has approved it, and the form that defines one."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from plateward.contracts.questions import VehicleAsked
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, ticked_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.compiling.definition import EVERY_HOURS_AT_MOST, OnList, SeenBy, Source, designation_of
from services.gateway.compiling.plain_words import in_words
from services.gateway.entries.new_entry import InvalidEntry
from services.gateway.gateway import Gateway
from services.gateway.list_sources.designated import COMPILED
from services.gateway.people import Session, require

HOURS_BACK_AT_MOST, TIMES_AT_MOST = 72, 1000
WORD_AT_MOST = 60


def compiled_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of compiled lists."""

    async def listed(
        request: Request, session: Session, filled: Filled, problem: str = "", of: uuid.UUID | None = None
    ) -> Response:
        definitions = await gateway.compiled_lists.shown(session, address_of(request))
        profile = frame.profile(session)
        content = {
            "definitions": [(one, in_words(one)) for one in definitions],
            "designation": designation_of(profile),
            "compared": [one for one in profile.hot_lists.designations if one.source != COMPILED],
            "filled": filled,
            "problem": problem,
            "problem_of": of,
        }
        status = 422 if problem or filled.errors else 200
        return frame.page(request, "compiled_lists.html", session, status=status, **content)

    @router.get("/hot-list/compiled")
    async def compiled(request: Request) -> Response:
        return await listed(request, await frame.session(request), _blank())

    @router.post("/hot-list/compiled")
    async def define(request: Request) -> Response:
        session, filled = await frame.session(request), await ticked_in(request, {"lists"})
        require(session, "enter-entries")
        sources, every_hours = _sources(filled), _number(filled, "every_hours", EVERY_HOURS_AT_MOST)
        if not filled.errors:
            try:
                definition = await gateway.compiled_lists.define(
                    session,
                    name=filled.text("name"),
                    category=filled.text("category"),
                    case_number=filled.text("case_number"),
                    contact=filled.text("contact"),
                    sources=sources,
                    every_hours=every_hours,
                    address=address_of(request),
                )
            except InvalidEntry as invalid:
                filled.lacks(invalid.missing)
            else:
                return see_other(f"/hot-list/compiled#list-{definition.id}")
        return await listed(request, session, filled)

    @router.post("/hot-list/compiled/{definition_id}/decision")
    async def decide(
        request: Request,
        definition_id: uuid.UUID,
        decision: Annotated[str, Form()],
        statement: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        session, agreed = await frame.session(request), decision == "approve"
        try:
            await gateway.compiled_lists.decide(
                session, definition_id, agreed=agreed, statement=statement, address=address_of(request)
            )
        except InvalidEntry as invalid:
            return await listed(request, session, _blank(), str(invalid), definition_id)
        return see_other(f"/hot-list/compiled#list-{definition_id}")


def _blank() -> Filled:
    """The form as it is first shown."""
    return Filled({"seen": "yes", "hours_back": "24", "at_least": "1", "every_hours": str(EVERY_HOURS_AT_MOST)})


def _sources(filled: Filled) -> tuple[Source, ...]:
    """What is compared, as it was ticked and written."""
    lists: tuple[Source, ...] = tuple(OnList(list_id=one) for one in filled.text("lists").split(",") if one)
    if not filled.text("seen"):
        return lists
    words = {name: filled.text(name) or None for name in ("make", "model", "colour", "kind")}
    for name, word in words.items():
        if word is not None and len(word) > WORD_AT_MOST:
            filled.errors[name] = f"must have at most {WORD_AT_MOST} characters"
    seen = SeenBy(
        hours_back=_number(filled, "hours_back", HOURS_BACK_AT_MOST),
        cameras=tuple(filled.text("cameras").replace(",", " ").split()),
        vehicle=VehicleAsked(**words),
        at_least=_number(filled, "at_least", TIMES_AT_MOST),
    )
    return (*lists, seen)


def _number(filled: Filled, name: str, most: int) -> int:
    """A whole number from 1 to this; what is none is noted beside its field."""
    text = filled.text(name)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= most:
        filled.errors[name] = f"must be a number from 1 to {most}"
    return number
