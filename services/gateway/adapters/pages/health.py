"""The page of health: what is wrong with the line stands first."""

from collections import Counter

from fastapi import APIRouter, Request, Response

from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.gateway import Gateway

STATE_WORDS = {"wrong": "Wrong", "unknown": "Not known", "right": "Right"}


def health_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of health."""

    @router.get("/health")
    async def health(request: Request) -> Response:
        session = await frame.session(request)
        lights = await gateway.health.lights(session, address_of(request))
        counts = Counter(light.state for light in lights)
        return frame.page(request, "health.html", session, lights=lights, counts=counts, states=STATE_WORDS)

    @router.post("/health/self-checks")
    async def check(request: Request) -> Response:
        await gateway.health.check(await frame.session(request))
        return see_other("/health")
