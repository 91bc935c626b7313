"""What people fill in on the pages, and what it says: each shortcoming named for the field that it is of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import Request

from plateward.contracts.hot_list import Area
from plateward.contracts.reads import VehicleDescription
from plateward.policy.reasons import Missing
from services.gateway.adapters.api.hot_list import AreaAsked
from services.gateway.entries.new_entry import NewEntry

ENTRY_LASTS = timedelta(days=7)
"""How long a new entry stays listed unless another time is set."""

LOCAL_TIME = "%Y-%m-%dT%H:%M"
"""How a browser writes a time without a zone (HTML, local date and time)."""


@dataclass(slots=True)
class Filled:
    """A form as it was filled in, to be shown again, and its shortcomings by field."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What stands in a field, without the space around it."""
        return self.values.get(name, "").strip()

    def lacks(self, missing: tuple[Missing, ...]) -> None:
        """Notes shortcomings beside their fields; the first of a field stands."""
        for one in missing:
            self.errors.setdefault(one.field, one.rule)

    def time(self, name: str, zone: ZoneInfo) -> datetime | None:
        """The time in a field, which is on the agency's clocks, as UTC."""
        try:
            return datetime.fromisoformat(self.text(name)).replace(tzinfo=zone).astimezone(UTC)
        except ValueError:
            self.errors.setdefault(name, "must be a day and a time, such as 2026-03-01 09:30")
            return None


async def filled_in(request: Request) -> Filled:
    """The form that a browser sent, its files left out."""
    form = await request.form()
    return Filled({name: value for name, value in form.items() if isinstance(value, str)})


async def ticked_in(request: Request, several: Collection[str]) -> Filled:
    """The form that a browser sent; of boxes that may be ticked several times, all values by comma."""
    form = await request.form()
    values: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            values[name] = f"{values[name]},{value}" if name in several and name in values else value
    return Filled(values)


def empty_entry(zone: ZoneInfo, now: datetime) -> Filled:
    """The form for a new entry as it is first shown."""
    until = (now.astimezone(zone) + ENTRY_LASTS).strftime(LOCAL_TIME)
    return Filled({"priority": "high", "expires_at": until})


def entry_asked(filled: Filled, zone: ZoneInfo) -> NewEntry | None:
    """The entry as it was written; None when its end is no time or its area none. The hot list checks the rest."""
    expires_at, area = filled.time("expires_at", zone), _area(filled)
    if expires_at is None or "centre" in filled.errors:
        return None
    return NewEntry(
        plate=filled.text("plate"),
        category=filled.text("category"),
        priority=filled.text("priority"),
        reason=filled.text("reason"),
        case_number=filled.text("case_number"),
        requested_by=filled.text("requested_by"),
        contact=filled.text("contact"),
        expires_at=expires_at,
        state=filled.text("state").upper() or None,
        instructions=filled.text("instructions") or None,
        other_information=filled.text("other_information") or None,
        requester_title=filled.text("requester_title") or None,
        distribution=tuple(filled.text("distribution").replace(",", " ").split()),
        vehicle=_vehicle(filled),
        near_misses=bool(filled.text("near_misses")),
        area=area,
    )


def point(text: str) -> tuple[float, float]:
    """The latitude and the longitude that stand in a field; raises ValueError."""
    latitude, longitude = text.split(",")
    return float(latitude), float(longitude)


def _area(filled: Filled) -> Area | None:
    """The circle in which the vehicle is looked for; None where the form names none, or names what is none."""
    centre, radius_m = filled.text("centre"), filled.text("radius_m")
    if not centre and not radius_m:
        return None
    try:
        latitude, longitude = point(centre)
        asked = AreaAsked(latitude=latitude, longitude=longitude, radius_m=float(radius_m))
    except ValueError:
        filled.errors["centre"] = "must be a latitude and a longitude, with a radius up to 1,000,000 m"
        return None
    return Area(**asked.model_dump())


def _vehicle(filled: Filled) -> VehicleDescription | None:
    described = VehicleDescription(
        make=filled.text("vehicle.make") or None,
        model=filled.text("vehicle.model") or None,
        colour=filled.text("vehicle.colour") or None,
        kind=filled.text("vehicle.kind") or None,
        features=tuple(part.strip() for part in filled.text("vehicle.features").split(",") if part.strip()),
    )
    return described if described != VehicleDescription() else None
