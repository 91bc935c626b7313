"""Signing in and out over the API."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.callers import Address, Caller, TheGateway, token_of

routes = APIRouter(prefix="/v1/sessions", tags=["sessions"])


class Credentials(Asked):
    """A name and a password."""

    username: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]


class SignedIn(BaseModel):
    """A token for the `Authorization: Bearer` header, and whose it is."""

    token: str
    name: str
    title: str
    agency_id: str
    rights: list[str]


@routes.post("", status_code=201, summary="Sign in")
async def sign_in(credentials: Credentials, gateway: TheGateway, address: Address) -> SignedIn:
    """Begins a session of twelve hours at most."""
    new = await gateway.sign_in.enter(credentials.username, credentials.password, address)
    person = new.session.person
    return SignedIn(
        token=new.token,
        name=person.name,
        title=person.title,
        agency_id=person.agency_id,
        rights=sorted(new.session.rights),
    )


@routes.delete("/current", status_code=204, summary="Sign out")
async def sign_out(_: Caller, request: Request, gateway: TheGateway) -> None:
    """Ends the session of this token."""
    await gateway.sign_in.leave(token_of(request) or "")
