"""Signing in and out over the API, with a second factor where one is asked for."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from plateward.kernel.problems import Problem
from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.callers import Address, Caller, TheGateway, token_of
from services.gateway.sign_in import HalfWay, NewSession

routes = APIRouter(prefix="/v1/sessions", tags=["sessions"])

Password = Annotated[str, Field(min_length=1, max_length=1000)]
Username = Annotated[str, Field(min_length=1, max_length=100)]
Code = Annotated[str, Field(min_length=6, max_length=12, description="The six digits that the authenticator shows.")]


class Credentials(Asked):
    """A name and a password, and the code of the authenticator."""

    username: Username
    password: Password
    code: Code | None = None


class Invitation(Asked):
    """An invitation, which opens an account to its one person."""

    username: Username
    invitation: Annotated[str, Field(min_length=1, max_length=100)]
    password: Password


class SignedIn(BaseModel):
    """A token for the `Authorization: Bearer` header, and whose it is."""

    token: str
    name: str
    title: str
    agency_id: str
    rights: list[str]


class Invited(BaseModel):
    """The account is the person's; what it still needs is a second factor, set up in a browser or here."""

    ticket: str
    authenticator: str | None
    """An otpauth address for an authenticator; its code completes the sign-in. None where only passkeys are taken."""


class Completed(Asked):
    """The ticket of an invitation, and the authenticator's first code."""

    ticket: Annotated[str, Field(min_length=1, max_length=100)]
    code: Code


@routes.post("", status_code=201, summary="Sign in")
async def sign_in(credentials: Credentials, gateway: TheGateway, address: Address) -> SignedIn:
    """Begins a session of twelve hours at most."""
    entered = await gateway.second_factor.enter(credentials.username, credentials.password, address)
    if isinstance(entered, HalfWay):
        if credentials.code is None:
            raise Problem(401, "A second factor is needed", errors=[{"field": "code", "rule": "is missing"}])
        entered = await gateway.second_factor.with_code(entered.ticket, credentials.code, address)
    return _signed_in(entered)


@routes.post("/invitations", status_code=201, summary="Accept an invitation")
async def accept(invitation: Invitation, gateway: TheGateway, address: Address) -> SignedIn | Invited:
    """Sets the own password; where a second factor is asked for, the ticket is completed with its first code."""
    entered = await gateway.second_factor.accept_invitation(
        invitation.username, invitation.invitation, invitation.password, address
    )
    if isinstance(entered, NewSession):
        return _signed_in(entered)
    offer = await gateway.second_factor.authenticator_offer(entered.ticket)
    return Invited(ticket=entered.ticket, authenticator=offer.uri if offer else None)


@routes.post("/codes", status_code=201, summary="Complete a sign-in with a code")
async def complete(completed: Completed, gateway: TheGateway, address: Address) -> SignedIn:
    """Each code is good once."""
    return _signed_in(await gateway.second_factor.with_code(completed.ticket, completed.code, address))


@routes.delete("/current", status_code=204, summary="Sign out")
async def sign_out(_: Caller, request: Request, gateway: TheGateway) -> None:
    """Ends the session of this token."""
    await gateway.sign_in.leave(token_of(request) or "")


def _signed_in(new: NewSession) -> SignedIn:
    person = new.session.person
    return SignedIn(
        token=new.token,
        name=person.name,
        title=person.title,
        agency_id=person.agency_id,
        rights=sorted(new.session.rights),
    )
