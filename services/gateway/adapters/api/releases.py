"""Releases over the API: written requests, their decisions, packages and handing over."""

import uuid
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from services.gateway.adapters.api.asked import Asked, Yes
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.releases.request import NewRelease, Release

routes = APIRouter(prefix="/v1/releases", tags=["releases"])

Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]


class ReleaseAsked(Asked):
    """A written request, by whom and for what. `kind` is the agency's, or by what anybody else asks.

    `authority` is a court's order or a law, `letter` where the written request is on file. What must be named is in the
    agency's policy.
    """

    kind: Line
    agency: Line = ""
    person: Line = ""
    contact: Line = ""
    purpose: Text = ""
    authority: Line = ""
    letter: Line = ""
    asked_for: Text = ""
    plate: Line = ""
    case_number: Line = ""
    captured_from: AwareDatetime | None = None
    captured_until: AwareDatetime | None = None


class ReleaseDecision(Asked):
    """Whether it is approved, and why."""

    agreed: Yes
    statement: Text


class PackageAsked(Asked):
    """The search of one's own that finds what is released, by its number."""

    search_id: uuid.UUID


class HandedOver(Asked):
    """To whom the package was given, and how."""

    to: Line
    how: Line


@routes.post("", status_code=201, summary="Take a written request")
async def receive(asked: ReleaseAsked, session: Caller, gateway: TheGateway, address: Address) -> dict[str, Any]:
    """The request on file under its number, forwarded to who decides."""
    return as_json(await gateway.releases.receive(session, NewRelease(**asked.model_dump()), address))


@routes.get("", summary="The requests on file")
async def releases(session: Caller, gateway: TheGateway, address: Address) -> list[dict[str, Any]]:
    """All for who decides; for others those that they took, and those to be packed where they may search."""
    return [as_json(one) for one in await gateway.releases.shown(session, address)]


@routes.post("/{release_id}/decision", summary="Approve a request, or refuse it")
async def decide(
    release_id: uuid.UUID, given: ReleaseDecision, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """The request as decided."""
    agreed, statement = given.agreed, given.statement
    return as_json(
        await gateway.releases.decide(session, release_id, agreed=agreed, statement=statement, address=address)
    )


@routes.post("/{release_id}/package", summary="Pack what is released")
async def pack(
    release_id: uuid.UUID, asked: PackageAsked, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """The request with the hash of its package: what the search finds now, signed."""
    return as_json(await gateway.releases.pack(session, release_id, asked.search_id, address))


@routes.get(
    "/{release_id}/package",
    summary="Download a package",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}},
)
async def download(release_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> Response:
    """The signed package; `plateward evidence check` proves it whole."""
    return as_download(*await gateway.releases.download(session, release_id, address))


@routes.post("/{release_id}/handover", summary="Note to whom a package was given")
async def hand_over(
    release_id: uuid.UUID, given: HandedOver, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """The request, done."""
    return as_json(await gateway.releases.hand_over(session, release_id, to=given.to, how=given.how, address=address))


def as_json(release: Release) -> dict[str, Any]:
    """The request, and how it stands."""
    shown: dict[str, Any] = msgspec.to_builtins(release)
    return shown | {"state": release.state}


def as_download(release: Release, content: bytes) -> Response:
    """The package, to be saved and not shown."""
    headers = {"Content-Disposition": f'attachment; filename="release-{release.number}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)
