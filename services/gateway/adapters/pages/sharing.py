"""The pages of sharing: who may see what of whom, proposing, signing, and stopping."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from plateward.kernel import clock
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.area_lines import HINT
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.adapters.pages.sharing_forms import (
    empty_mou,
    mou_as_it_stands,
    mou_asked,
    mou_filled_in,
    mou_lacks,
)
from services.gateway.adapters.pages.words import CATEGORY_WORDS
from services.gateway.gateway import Gateway
from services.gateway.people import Session, require
from services.gateway.sharing.admissible import InvalidMou
from services.gateway.sharing.mou import FIELDS, KINDS, Mou, Party, State, Terms
from services.gateway.sharing.plain_words import Difference, differences, in_words

KIND_LABELS = {
    "reads": "Reads: the partner searches them",
    "images": "Pictures of those reads or hits",
    "hits": "Hits, as they come",
    "lists": "Lists: the partner’s cameras look for their vehicles",  # noqa: RUF001
}
FIELD_LABELS = {"state": "State of issue", "vehicle": "Vehicle: make, model, colour, kind", "direction": "Direction"}


@dataclass(frozen=True, slots=True)
class ShownMou:
    """An MOU on the page: how it stands, in words, and what the person may do with it."""

    mou: Mou
    state: State
    sentences: tuple[str, ...]
    is_newest: bool
    withheld: tuple[str, ...]
    """Lists that it names and that may not leave the grantor now."""
    elsewhere: Party | None
    """The side whose agency is of another deployment: it has to be handed what is signed or stopped here."""


def sharing_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the pages of sharing."""

    async def listed(request: Request, session: Session, filled: Filled, mou_id: str = "") -> Response:
        return await agreements_page(gateway, frame, request, session, filled, mou_id)

    async def form_page(
        request: Request, session: Session, filled: Filled, terms: Terms | None = None, standing: Terms | None = None
    ) -> Response:
        own = session.person.agency_id
        opens: tuple[Difference, ...] = ()
        sentences: tuple[str, ...] = ()
        if terms is not None:
            cameras = await gateway.agreements.camera_names(terms.grantor.agency_id)
            sentences = in_words(terms, gateway.policies, cameras)
            opens = differences(standing, terms, gateway.policies, cameras)
        content = {
            "filled": filled,
            "partners": [(one.id, one.name) for one in gateway.policies.values() if one.id != own],
            "elsewhere": gateway.regions.all,
            "purposes": _purposes(gateway),
            "cameras": await gateway.agreements.camera_names(own),
            "kinds": [(kind, KIND_LABELS[kind]) for kind in KINDS],
            "fields": [(field, FIELD_LABELS[field]) for field in FIELDS],
            "categories": CATEGORY_WORDS.items(),
            "areas_hint": HINT,
            "sentences": sentences,
            "opens": opens,
            "is_change": standing is not None,
        }
        return frame.page(request, "mou_form.html", session, status=422 if filled.errors else 200, **content)

    @router.get("/sharing")
    async def sharing(request: Request) -> Response:
        return await listed(request, await frame.session(request), Filled({}))

    @router.get("/sharing/new")
    async def new(request: Request) -> Response:
        session = await frame.session(request)
        require(session, "keep-agreements")
        return await form_page(request, session, empty_mou(frame.zone(session), clock.now()))

    @router.get("/sharing/{mou_id}/change")
    async def change(request: Request, mou_id: str) -> Response:
        session = await frame.session(request)
        require(session, "keep-agreements")
        versions = await gateway.agreements.one(session, mou_id, address_of(request))
        filled = mou_as_it_stands(versions[0].terms, session.person.agency_id, frame.zone(session))
        return await form_page(request, session, filled)

    @router.post("/sharing")
    async def propose(request: Request) -> Response:
        session = await frame.session(request)
        require(session, "keep-agreements")
        filled = await mou_filled_in(request)
        elsewhere = gateway.regions.party(filled.text("partner"))
        proposal = mou_asked(filled, session.person.agency_id, frame.zone(session), elsewhere)
        if proposal is None:
            return await form_page(request, session, filled)
        try:
            if filled.text("propose"):
                mou = await gateway.agreements.propose(session, proposal, address_of(request))
                return see_other(f"/sharing#{mou.name}")
            terms, standing = await gateway.agreements.drafted(session, proposal)
        except InvalidMou as invalid:
            mou_lacks(filled, invalid.missing)
            return await form_page(request, session, filled)
        return await form_page(request, session, filled, terms, standing)

    @router.post("/sharing/{mou_id}/signature")
    async def sign(request: Request, mou_id: str) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        version = filled.text("version")
        try:
            number = int(version) if version.isascii() and version.isdigit() else 0
            mou = await gateway.agreements.sign(session, mou_id, number, address_of(request))
        except InvalidMou as invalid:
            filled.lacks(invalid.missing)
            return await listed(request, session, filled, mou_id)
        return see_other(f"/sharing#{mou.name}")

    @router.post("/sharing/{mou_id}/suspension")
    async def suspend(request: Request, mou_id: str) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        try:
            mou = await gateway.agreements.suspend(session, mou_id, filled.text("why"), address_of(request))
        except InvalidMou as invalid:
            filled.lacks(invalid.missing)
            return await listed(request, session, filled, mou_id)
        return see_other(f"/sharing#{mou.name}")


async def agreements_page(
    gateway: Gateway, frame: Frame, request: Request, session: Session, filled: Filled, mou_id: str = ""
) -> Response:
    """The page of all agreements, with what was refused beside the one that it is about."""
    mous, at = await gateway.agreements.all(session, address_of(request)), clock.now()
    newest = {mou.terms.mou_id: mou.terms.version for mou in sorted(mous, key=lambda one: one.terms.version)}
    grantors = {mou.terms.grantor.agency_id for mou in mous}
    cameras = {grantor: await gateway.agreements.camera_names(grantor) for grantor in grantors}
    shown = [
        ShownMou(
            mou,
            mou.state(at),
            in_words(mou.terms, gateway.policies, cameras[mou.terms.grantor.agency_id]),
            newest[mou.terms.mou_id] == mou.terms.version,
            await gateway.list_sharing.withheld(mou.terms.grantor.agency_id, mou.terms.list_ids),
            next((party for party in mou.terms.parties if party.agency_id not in gateway.policies), None),
        )
        for mou in mous
        if _is_shown(mou, mous)
    ]
    own = session.person.agency_id
    content = {
        "ours": [one for one in shown if one.mou.terms.grantor.agency_id == own],
        "theirs": [one for one in shown if one.mou.terms.grantor.agency_id != own],
        "filled": filled,
        "filled_of": mou_id,
    }
    return frame.page(request, "sharing.html", session, status=422 if filled.errors else 200, **content)


def _is_shown(mou: Mou, mous: list[Mou]) -> bool:
    """Not what a later version, signed by both, has taken the place of."""
    later = [one for one in mous if one.terms.mou_id == mou.terms.mou_id and one.terms.version > mou.terms.version]
    return all(one.unsigned for one in later)


def _purposes(gateway: Gateway) -> list[tuple[str, str]]:
    """The purposes of all agencies, each once; which of them the partner knows is checked."""
    return sorted(
        {one.id: one.label for profile in gateway.policies.values() for one in profile.purposes.allowed}.items(),
        key=lambda one: one[1],
    )
