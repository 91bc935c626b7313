"""The lists that come from elsewhere, over the API: how they stand, their files, and the decisions on them."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from plateward.kernel.clock import now
from plateward.kernel.problems import Problem
from services.gateway.adapters.api.asked import Asked, Yes
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.adapters.list_sources.files import FileTooLarge, spooled
from services.gateway.list_sources.designated import Format
from services.gateway.list_sources.kept import ListShown
from services.gateway.list_sources.refresh import Refresh
from services.gateway.list_sources.sources import By

routes = APIRouter(prefix="/v1/lists", tags=["lists"])

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class DecisionOnFile(Asked):
    """Whether the file that waits is taken, and why."""

    agreed: Yes
    statement: Annotated[str, Field(max_length=2000)]


class RefreshShown(BaseModel):
    """A file that came, and what became of it."""

    id: uuid.UUID
    list_id: str
    way: str
    brought_by: str
    came_at: datetime
    as_of: datetime
    sha256: str
    bytes: int
    state: str
    why: str
    version: int | None
    accepted: int
    rejected: int
    added: int
    changed: int
    removed: int
    case_number: str
    decided_by: str | None
    decided_at: datetime | None
    statement: str


class RejectedShown(BaseModel):
    """A line that was not taken."""

    line: int
    field: str
    rule: str


class ListStanding(BaseModel):
    """A list that the agency has designated, and how it stands."""

    list_id: str
    source: str
    categories: list[str]
    grade: str
    special: bool
    way: str
    format: str
    version: int | None
    refreshed_at: datetime | None
    fresh_for_hours: int | None
    stale: bool
    entries: int
    asked_at: datetime | None
    problem: str | None
    refreshes: list[RefreshShown]
    rejected_lines: list[RejectedShown]


@routes.get("", summary="The lists from elsewhere")
async def lists(session: Caller, gateway: TheGateway, address: Address) -> list[ListStanding]:
    """Each list that the agency has designated and you may read, its last files, the first rejected lines."""
    return [_standing(one) for one in await gateway.source_lists.shown(session, address)]


@routes.put("/{list_id}/file", summary="Bring a list's newest file", openapi_extra=FILE_BODY)
async def bring(
    list_id: str,
    request: Request,
    session: Caller,
    gateway: TheGateway,
    address: Address,
    format: Annotated[Format | None, Query(description="How it is written; else as the settings have it.")] = None,
    as_of: Annotated[
        AwareDatetime | None, Query(ge=EARLIEST, description="When its source had the list so; else now.")
    ] = None,
    case_number: Annotated[str, Query(max_length=200, description="For a special list.")] = "",
) -> RefreshShown:
    """Replaces the list by the file, whole; only the differences go out. Brought again, it keeps the list fresh."""
    gateway.source_lists.may_bring(session, list_id)
    most = request.app.state.list_bytes_max
    file = spooled(request.stream(), as_of=as_of or now(), way="upload", bytes_max=most, case_number=case_number)
    try:
        async with file as arrived:
            return shown(await gateway.source_lists.bring(session, list_id, arrived, address, format))
    except FileTooLarge as error:
        raise Problem(413, "The file is too large", str(error)) from error


@routes.post("/{list_id}/pull", summary="Ask a list's source now")
async def pull(list_id: str, session: Caller, gateway: TheGateway, address: Address) -> RefreshShown:
    """What the source gave; 409 where the list is not fetched, or its source could not be asked."""
    gateway.source_lists.may_bring(session, list_id)
    source = gateway.list_pulls.get((session.person.agency_id, list_id))
    if source is None:
        raise Problem(409, "The list is not fetched", "The settings name no url for it.")
    refresh = await source.fetch(By(session, address))
    if refresh is None:
        raise Problem(409, "The source could not be asked", "The page of lists says why.")
    return shown(refresh)


@routes.post("/refreshes/{refresh_id}/decision", summary="Have a file that waits taken, or declined")
async def decide(
    refresh_id: uuid.UUID, given: DecisionOnFile, session: Caller, gateway: TheGateway, address: Address
) -> RefreshShown:
    """A file that shrinks its list by half or more waits until one who designates lists has looked at it."""
    agreed, statement = given.agreed, given.statement
    return shown(
        await gateway.source_lists.decide(session, refresh_id, agreed=agreed, statement=statement, address=address)
    )


def shown(refresh: Refresh) -> RefreshShown:
    """A file as programs see it."""
    fields: dict[str, Any] = msgspec.to_builtins(refresh)
    counts = fields.pop("counts")
    fields.pop("agency_id")
    return RefreshShown(
        **fields
        | counts
        | {
            "brought_by": refresh.brought_by.name,
            "decided_by": refresh.decided_by.name if refresh.decided_by else None,
        }
    )


def _standing(one: ListShown) -> ListStanding:
    designation, kept, stated = one.designation, one.kept, one.kept.hot_list
    return ListStanding(
        list_id=designation.list,
        source=designation.source,
        categories=list(designation.categories),
        grade=designation.grade,
        special=designation.special,
        way=one.source.way,
        format=one.source.format,
        version=stated.version if stated else None,
        refreshed_at=stated.refreshed_at if stated else None,
        fresh_for_hours=stated.fresh_for_hours if stated else None,
        stale=one.stale,
        entries=kept.entries,
        asked_at=kept.asked_at,
        problem=kept.problem,
        refreshes=[shown(refresh) for refresh in kept.refreshes],
        rejected_lines=[RejectedShown(line=line.line, field=line.field, rule=line.rule) for line in kept.rejected],
    )
