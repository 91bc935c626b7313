"""The agency's own hot list over the API."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from plateward.contracts.hot_list import Area
from plateward.contracts.reads import VehicleDescription
from services.gateway.adapters.api.asked import Asked, Number, Yes
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.entries.approval import Decided
from services.gateway.entries.approvals import ShownRequest
from services.gateway.entries.new_entry import DISTRIBUTED_AT_MOST, NewEntry

routes = APIRouter(prefix="/v1/hot-list/entries", tags=["hot list"])
requests = APIRouter(prefix="/v1/hot-list/requests", tags=["hot list"])

Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]


class AreaAsked(Asked):
    """Where the vehicle is looked for: a circle."""

    latitude: Annotated[Number, Field(ge=-90, le=90)]
    longitude: Annotated[Number, Field(ge=-180, le=180)]
    radius_m: Annotated[Number, Field(gt=0, le=1_000_000)]


class EntryAsked(Asked):
    """A vehicle of interest, why it is listed, and who asks for it; a partial plate is written like `7AB?*`.

    What must be said, and how late it may end, is in the agency's policy. `requester_title` is of who asks, where
    somebody else enters it; `distribution` names by username those who alone get the hits, else all do.
    """

    plate: Annotated[str, Field(min_length=1, max_length=30)]
    category: Line
    priority: Line = "routine"
    reason: Text = ""
    case_number: Line = ""
    requested_by: Line = ""
    contact: Line = ""
    expires_at: AwareDatetime
    state: Line | None = None
    instructions: Text | None = None
    other_information: Text | None = None
    requester_title: Line | None = None
    distribution: Annotated[tuple[Line, ...], Field(max_length=DISTRIBUTED_AT_MOST)] = ()
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


class DecisionGiven(Asked):
    """Whether the entry is approved; why not; and why those who come before could not be reached."""

    agreed: Yes
    statement: Text = ""
    unreachable: Text = ""


class Renewal(Asked):
    """Until when the vehicle is still looked for, and why."""

    expires_at: AwareDatetime
    statement: Text


class EntryRequestShown(BaseModel):
    """A request about an entry, and how it stands."""

    id: uuid.UUID
    kind: str
    state: str
    entry: dict[str, Any]
    asked_by: dict[str, Any]
    requester_title: str
    asked_at: datetime
    expires_at: datetime
    statement: str
    approvers: list[str]
    may_decide: bool
    decided_by: dict[str, Any] | None
    decided_at: datetime | None
    decision: str
    unreachable: str


class Recovery(Asked):
    """That a listed vehicle is recovered."""

    found_by: Line


@routes.get("", summary="The entries")
async def entries(session: Caller, gateway: TheGateway, address: Address) -> list[dict[str, Any]]:
    """The agency's own entries that have not expired, newest first; one with `suspended_at` matches no more."""
    return [msgspec.to_builtins(entry) for entry in await gateway.hot_list.entries(session, address)]


@routes.post("", status_code=201, summary="Enter a vehicle of interest")
async def enter(asked: EntryAsked, session: Caller, gateway: TheGateway, address: Address) -> dict[str, Any]:
    """The entry as it was taken; it matches within a moment, or once it is approved where it `awaits_approval`."""
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


@routes.post("/{entry_id}/approval", summary="Approve what waits of an entry, or refuse it")
async def approve(
    entry_id: uuid.UUID, given: DecisionGiven, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """The entry as it is then; one that was refused is off the list. Nobody approves their own."""
    said = Decided(given.agreed, given.statement, given.unreachable)
    entry = await gateway.entry_approvals.decide(session, entry_id, said, address)
    decided: dict[str, Any] = msgspec.to_builtins(entry)
    return decided


@routes.post("/{entry_id}/renewal", summary="Keep an entry for longer")
async def renew(
    entry_id: uuid.UUID, asked: Renewal, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """The entry; its end moves at once, or once the renewal is approved where the policy wants that."""
    entry = await gateway.entry_approvals.renew(session, entry_id, asked.expires_at, asked.statement, address)
    renewed: dict[str, Any] = msgspec.to_builtins(entry)
    return renewed


@requests.get("", summary="What waits for who approves entries, and what became of others")
async def entry_requests(session: Caller, gateway: TheGateway, address: Address) -> list[EntryRequestShown]:
    """Those of the agency for who approves, one's own for others; newest first."""
    return [_shown(one) for one in await gateway.entry_approvals.shown(session, address)]


def _shown(one: ShownRequest) -> EntryRequestShown:
    request = one.request
    return EntryRequestShown(
        id=request.id,
        kind=request.kind,
        state=one.state,
        entry=msgspec.to_builtins(one.entry),
        asked_by=msgspec.to_builtins(request.asked_by),
        requester_title=request.requester_title,
        asked_at=request.asked_at,
        expires_at=request.expires_at,
        statement=request.statement,
        approvers=list(one.approvers),
        may_decide=one.may_decide,
        decided_by=None if request.decided_by is None else msgspec.to_builtins(request.decided_by),
        decided_at=request.decided_at,
        decision=request.decision,
        unreachable=request.unreachable,
    )
