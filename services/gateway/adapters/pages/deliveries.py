"""The page of what was delivered to partners: to whom, when, what failed and why; and sending it again."""

import uuid
from typing import get_args
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.gateway import Gateway
from services.gateway.people import Session
from services.gateway.shared_hits.delivery import State
from services.gateway.shared_hits.overseeing import DeliveryRefused

STATE_WORDS: dict[State, str] = {
    "waiting": "Waiting",
    "delivered": "Delivered",
    "given-up": "Given up",
    "withheld": "Withheld",
    "superseded": "Told anew",
}
STATES: tuple[State, ...] = get_args(State)


def delivery_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of deliveries."""

    async def listed(request: Request, session: Session, problem: str = "", of: uuid.UUID | None = None) -> Response:
        state = next((one for one in STATES if one == request.query_params.get("state")), None)
        found, subscriptions = await gateway.shared_hits.deliveries.newest(session, state, address_of(request))
        content = {
            "deliveries": found,
            "subscriptions": subscriptions,
            "hosts": {one.id: urlsplit(one.url).netloc for one in subscriptions},
            "running": {one.id for one in subscriptions if one.ended_at is None},
            "states": STATE_WORDS,
            "state": state,
            "problem": problem,
            "problem_of": of,
        }
        return frame.page(request, "partner_deliveries.html", session, status=422 if problem else 200, **content)

    @router.get("/partners/deliveries")
    async def deliveries(request: Request) -> Response:
        return await listed(request, await frame.session(request))

    @router.post("/partners/deliveries/{delivery_id}/sending")
    async def send_again(request: Request, delivery_id: uuid.UUID) -> Response:
        session = await frame.session(request)
        try:
            await gateway.shared_hits.deliveries.send_again(session, delivery_id, address_of(request))
        except DeliveryRefused as refused:
            return await listed(request, session, refused.missing[0].rule, delivery_id)
        return see_other(f"/partners/deliveries#delivery-{delivery_id}")
