"""What was delivered to partners of the own agency's hits, and sending it again, for the owner's people."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query

from services.gateway.adapters.api.partner_subscriptions import DeliveryShown, deliveries_shown
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.shared_hits.delivery import State

routes = APIRouter(prefix="/v1/partner-deliveries", tags=["agreements"])


@routes.get("", summary="What was delivered to partners")
async def newest(
    session: Caller,
    gateway: TheGateway,
    address: Address,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[DeliveryShown]:
    """Of the own agency's hits, newest first, with each try and why it failed."""
    found, _ = await gateway.shared_hits.deliveries.newest(session, state, address, limit)
    return deliveries_shown(found)


@routes.post("/{delivery_id}/sendings", status_code=202, summary="Send a hit again")
async def send_again(delivery_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> None:
    """Under the id that it had, and a new access record; where what is agreed still gives it."""
    await gateway.shared_hits.deliveries.send_again(session, delivery_id, address)
