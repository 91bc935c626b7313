"""Holds over the API."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field

from plateward.kernel.clock import now
from services.gateway.adapters.api.asked import Asked, Yes
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.evidence.hold import READS_AT_MOST, HoldRequest, NewHold

routes = APIRouter(prefix="/v1/holds", tags=["evidence"])


class HoldAsked(Asked):
    """What to hold, for which case, until when."""

    case_number: Annotated[str, Field(max_length=100)]
    reason: Annotated[str, Field(max_length=2000)]
    ends_on: date
    read_ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=READS_AT_MOST)]


class HoldDecision(Asked):
    """Whether the second person agrees, and in which words that is documented."""

    agreed: Yes
    statement: Annotated[str, Field(max_length=2000)]


class HoldShown(BaseModel):
    """A hold, and how it stands."""

    id: uuid.UUID
    state: str
    case_number: str
    reason: str
    ends_on: date
    read_ids: list[uuid.UUID]
    asked_by: dict[str, Any]
    asked_at: datetime
    decided_by: dict[str, Any] | None
    decided_at: datetime | None
    statement: str
    impossible: str | None


class DueShown(BaseModel):
    """A read that a case needs, which goes soon and is in no evidence."""

    case_number: str
    read_id: uuid.UUID
    owner: str
    expires_on: date


class ShelfShown(BaseModel):
    """The agency's holds, newest first, and what its cases lose soon."""

    holds: list[HoldShown]
    due: list[DueShown]


@routes.get("", summary="The agency's holds, and what its cases lose soon")
async def shelf(session: Caller, gateway: TheGateway, address: Address) -> ShelfShown:
    """Holds with how they stand; reads of cases that go within the days at which the agency is warned."""
    found = await gateway.holds.shelf(session, address)
    due = [DueShown.model_validate(one, from_attributes=True) for one in found.due]
    return ShelfShown(holds=[_shown(one) for one in found.holds], due=due)


@routes.post("", status_code=201, summary="Ask for a hold")
async def ask(asked: HoldAsked, session: Caller, gateway: TheGateway, address: Address) -> HoldShown:
    """The request. It holds nothing before a second person has agreed."""
    new = NewHold(
        case_number=asked.case_number,
        reason=asked.reason,
        ends_on=asked.ends_on,
        read_ids=tuple(asked.read_ids),
    )
    return _shown(await gateway.holds.ask(session, new, address))


@routes.post("/{hold_id}/decision", status_code=200, summary="Agree or refuse, as the second person")
async def decide(
    hold_id: uuid.UUID, given: HoldDecision, session: Caller, gateway: TheGateway, address: Address
) -> HoldShown:
    """The hold as decided. Nobody agrees to their own."""
    return _shown(
        await gateway.holds.decide(session, hold_id, agreed=given.agreed, statement=given.statement, address=address)
    )


def _shown(hold: HoldRequest) -> HoldShown:
    return HoldShown(
        id=hold.id,
        state=hold.state(now().date()),
        case_number=hold.case_number,
        reason=hold.reason,
        ends_on=hold.ends_on,
        read_ids=list(hold.read_ids),
        asked_by=msgspec.to_builtins(hold.asked_by),
        asked_at=hold.asked_at,
        decided_by=None if hold.decided_by is None else msgspec.to_builtins(hold.decided_by),
        decided_at=hold.decided_at,
        statement=hold.statement,
        impossible=hold.impossible,
    )
