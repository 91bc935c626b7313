"""The search form as it is filled in on the page, and what it says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from fastapi import Request

from plateward.contracts.access import Reason
from plateward.contracts.questions import VehicleAsked
from plateward.plates.normalise import NotAPlate
from plateward.plates.parts import parse_pattern
from plateward.policy.inquiries import what_an_inquiry_lacks
from plateward.policy.profile import AgencyProfile
from services.gateway.adapters.pages.forms import LOCAL_TIME, Filled, point, ticked_in
from services.gateway.searching.area import Area, Circle, Polygon
from services.gateway.searching.question import Question, what_is_too_broad

SEARCHED_BACK = timedelta(hours=24)
"""The time window that a search starts from."""

SEVERAL = ("cameras", "owners")
"""What is ticked, any number of times."""

VEHICLE_PARTS = ("colour", "make", "model", "kind")


async def search_filled_in(request: Request) -> Filled:
    """The form that a browser sent; of a box that may be ticked several times, all values by comma."""
    return await ticked_in(request, SEVERAL)


def empty_search(zone: ZoneInfo, now: datetime) -> Filled:
    """The search form as it is first shown: the last day, up to the end of this minute."""
    here = now.astimezone(zone) + timedelta(minutes=1)
    return Filled(
        {
            "captured_from": (here - SEARCHED_BACK).strftime(LOCAL_TIME),
            "captured_until": here.strftime(LOCAL_TIME),
        }
    )


def search_asked(filled: Filled, profile: AgencyProfile, zone: ZoneInfo) -> tuple[Question, Reason] | None:
    """The question and its reason; None when something is missing, which then stands in the form's errors."""
    reason = _reason(filled, profile)
    if not reason.purpose:
        filled.errors["purpose"] = "choose what the search is for"
    if not reason.form:
        filled.errors["reason.form"] = "choose one, and fill in what it asks for"
    filled.lacks(what_an_inquiry_lacks(profile, reason))
    question = _question(filled, zone)
    if question is not None:
        filled.lacks(what_is_too_broad(question))
    if filled.errors or question is None:
        return None
    return question, reason


def asked_broadly(filled: Filled, profile: AgencyProfile, zone: ZoneInfo) -> tuple[Question, Reason] | None:
    """As much of the form as says whom it would ask; None before it says for what. Shortcomings are noted nowhere."""
    reason = _reason(filled, profile)
    question = _question(Filled(filled.values), zone)
    return (question, reason) if reason.purpose and question is not None else None


def _reason(filled: Filled, profile: AgencyProfile) -> Reason:
    # Every form of the agency is on the page, so that it works without a script: only the chosen one's fields count.
    chosen = filled.text("form")
    fields = next((form.fields for form in profile.reasons.forms if form.id == chosen), ())
    values = {one.name: filled.text(f"reason.{chosen}.{one.name}") for one in fields}
    return Reason(purpose=filled.text("purpose"), form=chosen, values=values)


def _question(filled: Filled, zone: ZoneInfo) -> Question | None:
    plate, area = _plate(filled), _area(filled)
    begin, end = filled.time("captured_from", zone), filled.time("captured_until", zone)
    if filled.errors.keys() & {"plate", "state", "area", "captured_from", "captured_until"}:
        return None
    fields: Mapping[str, object] = {
        "captured_from": begin,
        "captured_until": end,
        "plate": plate,
        "spelling": filled.text("spelling") or "confusable",
        "state": filled.text("state").upper() or None,
        "vehicle": {part: filled.text(f"vehicle.{part}") or None for part in VEHICLE_PARTS},
        "cameras": [camera for camera in filled.text("cameras").split(",") if camera],
        "owners": [owner for owner in filled.text("owners").split(",") if owner],
    }
    try:
        question = msgspec.convert(fields, Question)
    except msgspec.ValidationError:
        filled.errors.setdefault("state", "must be two letters, such as CA")
        return None
    return msgspec.structs.replace(question, area=area, vehicle=question.vehicle or VehicleAsked())


def _plate(filled: Filled) -> str | None:
    if not filled.text("plate"):
        return None
    try:
        return parse_pattern(filled.text("plate")).text
    except NotAPlate as error:
        filled.errors["plate"] = str(error).removeprefix("plate: ")
        return None


def _area(filled: Filled) -> Area | None:
    """A circle from its centre and radius, or a polygon from its corners, a line each."""
    corners, centre = filled.text("corners"), filled.text("centre")
    try:
        if corners:
            points = [point(line) for line in corners.splitlines() if line.strip()]
            return msgspec.convert({"type": "polygon", "corners": points}, Polygon)
        if centre:
            latitude, longitude = point(centre)
            radius_m = float(filled.text("radius_m") or "nothing")
            circle = {"type": "circle", "latitude": latitude, "longitude": longitude, "radius_m": radius_m}
            return msgspec.convert(circle, Circle)
    except (ValueError, msgspec.ValidationError):
        filled.errors["area"] = (
            "must be latitude, longitude and a radius up to 100,000 m; or three corners and more, a line each"
        )
    return None
