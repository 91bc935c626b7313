"""Agreements with agencies of other deployments over the API: passed on as a signed document, and taken."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import Field

from plateward.kernel.signatures import SignedStatement
from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.api.mous import MouShown, Version, shown
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.sharing.passing_on import DOCUMENT_AT_MOST

routes = APIRouter(prefix="/v1", tags=["agreements"])


class DocumentGiven(Asked):
    """The document as the other side has passed it on, with its agency's signature over it."""

    statement: Annotated[str, Field(max_length=DOCUMENT_AT_MOST)]
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]
    signer: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@routes.get("/mous/{mou_id}/document", summary="An agreement to be passed on", response_model=DocumentGiven)
async def document(
    mou_id: str,
    session: Caller,
    gateway: TheGateway,
    address: Address,
    version: Annotated[Version | None, Query()] = None,
) -> Response:
    """A version of an agreement with an agency elsewhere, the newest unless one is named, signed by the own agency."""
    signed = await gateway.exchange.document(session, mou_id, version, address)
    return Response(msgspec.json.encode(signed), media_type="application/json")


@routes.post("/mou-documents", status_code=200, summary="Take an agreement that was passed on")
async def receive(given: DocumentGiven, session: Caller, gateway: TheGateway, address: Address) -> MouShown:
    """Its proposal, its signature or its suspension, by the other side's key that is on file here."""
    received = SignedStatement(statement=given.statement, signature=given.signature, signer=given.signer)
    return await shown(gateway, await gateway.exchange.receive(session, received, address))
