"""The agency's own hot list over the API."""

import uuid
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from plateward.contracts.hot_list import Area
from plateward.contracts.reads import VehicleDescription
from services.gateway.adapters.api.asked import Asked, Number
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.hot_list import NewEntry

routes = APIRouter(prefix="/v1/hot-list/entries", tags=["hot list"])

Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]


class AreaAsked(Asked):
    """Where the vehicle is looked for: a circle."""

    latitude: Annotated[Number, Field(ge=-90, le=90)]
    longitude: Annotated[Number, Field(ge=-180, le=180)]
    radius_m: Annotated[Number, Field(gt=0, le=1_000_000)]


class EntryAsked(Asked):
    """A vehicle of interest, why it is listed, and who asks for it; a partial plate is written like `7AB?*`."""

    plate: Annotated[str, Field(min_length=1, max_length=30)]
    category: Line
    priority: Line = "routine"
    reason: Text
    case_number: Line
    requested_by: Line
    contact: Line
    expires_at: AwareDatetime
    state: Line | None = None
    instructions: Text | None = None
    make: Line | None = None
    model: Line | None = None
    colour: Line | None = None
    kind: Line | None = None
    near_misses: bool = False
    area: AreaAsked | None = None

    def as_new_entry(self) -> NewEntry:
        """The entry as the domain takes it."""
        fields = self.model_dump(exclude={"make", "model", "colour", "kind", "area"})
        vehicle = VehicleDescription(make=self.make, model=self.model, colour=self.colour, kind=self.kind)
        area = Area(**self.area.model_dump()) if self.area is not None else None
        return NewEntry(**fields, vehicle=vehicle if vehicle != VehicleDescription() else None, area=area)


class Recovery(Asked):
    """That a listed vehicle is recovered."""

    found_by: Line


@routes.get("", summary="The entries")
async def entries(session: Caller, gateway: TheGateway, address: Address) -> list[dict[str, Any]]:
    """The agency's own entries that have not expired, newest first; one with `suspended_at` matches no more."""
    return [msgspec.to_builtins(entry) for entry in await gateway.hot_list.entries(session, address)]


@routes.post("", status_code=201, summary="Enter a vehicle of interest")
async def enter(asked: EntryAsked, session: Caller, gateway: TheGateway, address: Address) -> dict[str, Any]:
    """The entry as it was taken; it reaches the matcher within a moment."""
    entry = await gateway.hot_list.enter(session, asked.as_new_entry(), address)
    taken: dict[str, Any] = msgspec.to_builtins(entry)
    return taken


@routes.delete("/{entry_id}", status_code=204, summary="Take an entry off the list")
async def remove(entry_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> None:
    """The entry stops matching within a moment."""
    await gateway.hot_list.remove(session, entry_id, address)


@routes.post("/{entry_id}/recovery", summary="Mark an entry's vehicle as recovered")
async def suspend(
    entry_id: uuid.UUID, recovery: Recovery, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """The entry stops matching within a moment, and stays visible; only a new entry matches again."""
    entry = await gateway.hot_list.suspend(session, entry_id, recovery.found_by, address)
    suspended: dict[str, Any] = msgspec.to_builtins(entry)
    return suspended
