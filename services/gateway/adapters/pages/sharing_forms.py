"""The form on which an MOU is proposed: as it is filled in, as it says what stands, and what it asks for."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from fastapi import Request

from plateward.contracts.hot_list import Category
from plateward.policy.reasons import Missing
from services.gateway.adapters.pages.area_lines import HINT, NotAnArea, area_lines, areas_in
from services.gateway.adapters.pages.forms import LOCAL_TIME, Filled, ticked_in
from services.gateway.searching.area import Area
from services.gateway.sharing.mou import FIELDS, KINDS, Declaration, Party, Terms
from services.gateway.sharing.proposal import Proposal

SEVERAL = frozenset({"purposes", "data_kinds", "fields", "cameras", "categories"})
"""What is ticked, any number of times."""

CATEGORIES: tuple[Category, ...] = get_args(Category)

LASTS = timedelta(days=365)
"""How long an agreement is proposed for unless another end is set."""


async def mou_filled_in(request: Request) -> Filled:
    """The form that a browser sent; of boxes that are ticked, all values by comma."""
    return await ticked_in(request, SEVERAL)


def empty_mou(zone: ZoneInfo, now: datetime) -> Filled:
    """The form as it is first shown: reads for a year, from today."""
    here = now.astimezone(zone)
    return Filled(
        {
            "way": "grant",
            "data_kinds": "reads",
            "fields": ",".join(FIELDS),
            "starts_at": here.strftime(LOCAL_TIME),
            "ends_at": (here + LASTS).strftime(LOCAL_TIME),
        }
    )


def mou_as_it_stands(terms: Terms, own: str, zone: ZoneInfo) -> Filled:
    """The form filled with the terms that stand, to be changed."""
    grants = terms.grantor.agency_id == own
    said = {
        "mou_id": terms.mou_id,
        "way": "grant" if grants else "ask",
        "partner": (terms.grantee if grants else terms.grantor).agency_id,
        "purposes": ",".join(terms.purposes),
        "data_kinds": ",".join(terms.data_kinds),
        "fields": ",".join(terms.fields),
        "cameras": ",".join(terms.cameras) if grants else "",
        "their_cameras": "" if grants else ", ".join(terms.cameras),
        "areas": area_lines(terms.areas),
        "offence_classes": ", ".join(terms.offence_classes),
        "list_ids": ", ".join(terms.list_ids),
        "categories": ",".join(terms.categories),
        "oldest_days": str(terms.oldest_days or ""),
        "searches_a_day": str(terms.searches_a_day or ""),
        "starts_at": terms.starts_at.astimezone(zone).strftime(LOCAL_TIME),
        "ends_at": terms.ends_at.astimezone(zone).strftime(LOCAL_TIME),
        "declaration": terms.declaration.statement if terms.declaration else "",
        "declared_by": terms.declaration.declared_by if terms.declaration else "",
    }
    return Filled(said)


def mou_asked(filled: Filled, own: str, zone: ZoneInfo, elsewhere: Party | None) -> Proposal | None:
    """What is proposed; None when a field says what it cannot, which then stands in the form's errors.

    `elsewhere` is the partner where it is an agency of another deployment.
    """
    partner = filled.text("partner")
    if not partner:
        filled.errors["partner"] = "choose the agency with which you share"
    begin, end = filled.time("starts_at", zone), filled.time("ends_at", zone)
    oldest, quota, areas = _number(filled, "oldest_days"), _number(filled, "searches_a_day"), _areas(filled)
    if filled.errors or begin is None or end is None:
        return None
    declared = Declaration(statement=filled.text("declaration"), declared_by=filled.text("declared_by"))
    grants = filled.text("way") != "ask"
    return Proposal(
        grantor=own if grants else partner,
        grantee=partner if grants else own,
        purposes=_listed(filled, "purposes"),
        data_kinds=tuple(kind for kind in KINDS if kind in _listed(filled, "data_kinds")),
        fields=tuple(field for field in FIELDS if field in _listed(filled, "fields")),
        # Only the own cameras are there to be ticked; theirs are named.
        cameras=_listed(filled, "cameras" if grants else "their_cameras"),
        areas=areas,
        offence_classes=_listed(filled, "offence_classes"),
        list_ids=_listed(filled, "list_ids"),
        categories=tuple(category for category in CATEGORIES if category in _listed(filled, "categories")),
        oldest_days=oldest,
        searches_a_day=quota,
        starts_at=begin,
        ends_at=end,
        declaration=declared if declared.statement else None,
        mou_id=filled.text("mou_id") or None,
        elsewhere=elsewhere,
    )


def mou_lacks(filled: Filled, missing: tuple[Missing, ...]) -> None:
    """Notes what a proposal lacks beside the fields that it was put into."""
    own_or_theirs = {"cameras": "their_cameras"} if filled.text("way") == "ask" else {}
    filled.lacks(tuple(replace(one, field=own_or_theirs.get(one.field, one.field)) for one in missing))


def _listed(filled: Filled, name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in filled.text(name).split(",") if part.strip())


def _number(filled: Filled, name: str) -> int | None:
    text = filled.text(name)
    if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000):
        filled.errors[name] = "must be a whole number from 1, or empty for no bound"
        return None
    return int(text) if text else None


def _areas(filled: Filled) -> tuple[Area, ...]:
    try:
        return areas_in(filled.text("areas"))
    except NotAnArea as error:
        filled.errors["areas"] = f"must be areas, {HINT}; with a radius up to 100,000 m. This is none: {error}"
        return ()
