"""Purge certificates over the API: what was deleted of the asker's own agency, signed, to keep and to check offline."""

import uuid
from datetime import date, datetime
from typing import Protocol

from fastapi import APIRouter
from pydantic import BaseModel

from services.gateway.adapters.callers import Caller
from services.gateway.search import NoSuchRecord


class Issued(BaseModel):
    """A certificate, by its day."""

    id: uuid.UUID
    day: date
    issued_at: datetime


class Signed(BaseModel):
    """A certificate as it was signed: the Ed25519 signature is over exactly the statement's bytes."""

    statement: str
    signature: str
    signer: str


class Certificates(Protocol):
    """The certificates that retention has issued."""

    async def of(self, agency_id: str) -> list[Issued]:
        """The agency's newest, newest first."""

    async def one(self, certificate_id: uuid.UUID, agency_id: str) -> Signed | None:
        """One of the agency's."""


def certificate_routes(certificates: Certificates) -> APIRouter:
    """The routes: they hold nothing of any vehicle, so that whoever is signed in may read their agency's."""
    routes = APIRouter(prefix="/v1/purge-certificates", tags=["purge certificates"])

    @routes.get("", summary="The newest purge certificates")
    async def newest(session: Caller) -> list[Issued]:
        return await certificates.of(session.person.agency_id)

    @routes.get("/{certificate_id}", summary="A purge certificate")
    async def one(certificate_id: uuid.UUID, session: Caller) -> Signed:
        found = await certificates.one(certificate_id, session.person.agency_id)
        if found is None:
            raise NoSuchRecord(certificate_id)
        return found

    return routes
