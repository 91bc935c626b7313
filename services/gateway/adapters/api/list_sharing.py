"""Whether the department's lists may be shared, over the API."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.gateway.adapters.api.asked import Asked, Yes
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.entries.list_sharing import SharingDecision

routes = APIRouter(prefix="/v1/hot-list/sharing", tags=["hot list"])


class SharingAsked(Asked):
    """Which list, whether it may be shared with outside agencies, and why."""

    list_id: Annotated[str, Field(max_length=200)]
    allowed: Yes
    statement: Annotated[str, Field(max_length=2000)]


class SharingShown(BaseModel):
    """What holds of a list."""

    list_id: str
    allowed: bool
    decided_by: dict[str, Any]
    decided_at: datetime
    statement: str


@routes.get("", summary="Which lists may be shared")
async def shown(session: Caller, gateway: TheGateway, address: Address) -> list[SharingShown]:
    """The newest decision on each list; one without a decision is not shared."""
    return [_shown(one) for one in await gateway.list_sharing.shown(session, address)]


@routes.post("", status_code=201, summary="Allow that a list is shared, or no more")
async def decide(asked: SharingAsked, session: Caller, gateway: TheGateway, address: Address) -> SharingShown:
    """The decision. With whom the list is shared, agreements say."""
    allowed, statement = asked.allowed, asked.statement
    return _shown(
        await gateway.list_sharing.decide(session, asked.list_id, allowed=allowed, statement=statement, address=address)
    )


def _shown(one: SharingDecision) -> SharingShown:
    return SharingShown(
        list_id=one.list_id,
        allowed=one.allowed,
        decided_by=msgspec.to_builtins(one.decided_by),
        decided_at=one.decided_at,
        statement=one.statement,
    )
