"""The health of the line over the API: a light for each part, what is wrong first."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.gateway.adapters.callers import Address, Caller, TheGateway

routes = APIRouter(prefix="/v1/health", tags=["health"])


class LightShown(BaseModel):
    """How one part of the line is."""

    part: str
    name: str
    state: Literal["wrong", "unknown", "right"]
    says: str


@routes.post("/self-checks", status_code=202, summary="Check the line with a vehicle that is not there")
async def check(session: Caller, gateway: TheGateway) -> None:
    """Begins a check of the whole line, from a frame to a hit; its light tells what came of it within a minute."""
    await gateway.health.check(session)


@routes.get("", summary="How the line is")
async def lights(session: Caller, gateway: TheGateway, address: Address) -> list[LightShown]:
    """A light for each camera and list of the own agency, and for each part that all share; what is wrong first."""
    found = await gateway.health.lights(session, address)
    return [LightShown(part=one.part, name=one.name, state=one.state, says=one.says) for one in found]
