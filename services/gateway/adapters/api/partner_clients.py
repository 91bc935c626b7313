"""Partners' machine clients over the API, for the people who keep agreements."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field

from plateward.contracts.partners import ClientScope
from plateward.policy.reasons import Missing
from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.partners.clients import InvalidClient, MachineClient, NewClient
from services.gateway.partners.keys import NotAKey, PublicKey, public_key

routes = APIRouter(prefix="/v1/partner-clients", tags=["partners' machines"])

Coordinate = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class KeyGiven(Asked):
    """A public key as a JWK (RFC 7517), on Ed25519 or P-256."""

    kty: Literal["OKP", "EC"]
    crv: Literal["Ed25519", "P-256"]
    x: Coordinate
    y: Coordinate | None = None
    kid: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="Its thumbprint is its id here."
    )
    alg: Annotated[str, Field(max_length=20)] | None = None
    use: Literal["sig"] | None = None


class ClientRegistered(Asked):
    """A client of a partner: its public keys, what it is for, and who answers for it there."""

    agency_id: Annotated[str, Field(min_length=1, max_length=100)]
    keys: Annotated[list[KeyGiven], Field(min_length=1, max_length=5)]
    scopes: Annotated[list[ClientScope], Field(min_length=1, max_length=2)]
    note: Annotated[str, Field(max_length=500)]
    certificate_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None

    def as_new_client(self) -> NewClient:
        """The client as the domain takes it; raises InvalidClient."""
        return NewClient(
            agency_id=self.agency_id,
            keys=tuple(_key(given) for given in self.keys),
            scopes=tuple(self.scopes),
            note=self.note,
            certificate_sha256=self.certificate_sha256,
        )


class Ended(Asked):
    """Why it is ended."""

    why: Annotated[str, Field(max_length=2000)]


class AdmissionShown(BaseModel):
    """That an owner lets the client ask, or let it."""

    owner: str
    by: dict[str, Any]
    at: datetime
    ended: dict[str, Any] | None


class ClientShown(BaseModel):
    """A client: whose, by which keys it is known, and which owners admit it."""

    client_id: str
    agency_id: str
    agency_name: str
    keys: list[dict[str, Any]]
    scopes: list[str]
    note: str
    registrar: str
    registered_by: dict[str, Any]
    registered_at: datetime
    certificate_sha256: str | None
    ended: dict[str, Any] | None
    owners: list[str] = Field(description="Those that admit it now.")
    admissions: list[AdmissionShown]


@routes.get("", summary="The machine clients of the agency's partners")
async def clients(session: Caller, gateway: TheGateway, address: Address) -> list[ClientShown]:
    """Newest first: its own, its partners', and those that it admits or has admitted."""
    return [_shown(one) for one in await gateway.partner_clients.all(session, address)]


@routes.post("", status_code=201, summary="Register a client of a partner")
async def register(asked: ClientRegistered, session: Caller, gateway: TheGateway, address: Address) -> ClientShown:
    """It may ask for what is the own agency's, as far as agreements grant it; other owners admit it for themselves."""
    return _shown(await gateway.partner_clients.register(session, asked.as_new_client(), address))


@routes.post("/{client_id}/admission", status_code=200, summary="Admit a client that another has registered")
async def admit(client_id: str, session: Caller, gateway: TheGateway, address: Address) -> ClientShown:
    """It may ask for what is the own agency's, as far as agreements grant it."""
    return _shown(await gateway.partner_clients.admit(session, client_id, address))


@routes.post("/{client_id}/withdrawal", status_code=200, summary="Admit a client no more")
async def withdraw(client_id: str, ended: Ended, session: Caller, gateway: TheGateway, address: Address) -> ClientShown:
    """From its next question on it gets nothing of the own agency."""
    return _shown(await gateway.partner_clients.withdraw(session, client_id, ended.why, address))


@routes.post("/{client_id}/end", status_code=200, summary="End a client for all")
async def end(client_id: str, ended: Ended, session: Caller, gateway: TheGateway, address: Address) -> ClientShown:
    """With every token that it has: by the agency that registered it, or by its own."""
    return _shown(await gateway.partner_clients.end(session, client_id, ended.why, address))


def _key(given: KeyGiven) -> PublicKey:
    try:
        return public_key(given.model_dump())
    except NotAKey as error:
        raise InvalidClient(Missing("keys", str(error))) from error


def _shown(client: MachineClient) -> ClientShown:
    told = msgspec.to_builtins(client) | {"owners": list(client.owners)}
    told["admissions"] = [{"ended": None} | one for one in told.get("admissions", [])]
    return ClientShown.model_validate({"certificate_sha256": None, "ended": None} | told)
