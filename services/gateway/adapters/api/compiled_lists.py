"""Compiled lists over the API: defined by who enters, approved by who designates lists, made on their schedule."""

import uuid
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter
from pydantic import Field

from plateward.contracts.hot_list import Category
from plateward.contracts.questions import VehicleAsked
from services.gateway.adapters.api.asked import Asked, Yes
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.compiling.definition import (
    EVERY_HOURS_AT_MOST,
    SOURCES_AT_MOST,
    Definition,
    OnList,
    SeenBy,
    Source,
)

routes = APIRouter(prefix="/v1/hot-list/compiled", tags=["hot list"])

Line = Annotated[str, Field(max_length=200)]
Word = Annotated[str, Field(min_length=1, max_length=60)]
Whole = Annotated[int, Field(strict=True)]


class OnListAsked(Asked):
    """The whole plates on one of the agency's lists."""

    of: Literal["list"]
    list_id: Line
    categories: Annotated[tuple[Category, ...], Field(max_length=20)] = ()


class SeenByAsked(Asked):
    """The plates that the agency's cameras have read of late, of such a vehicle."""

    of: Literal["reads"]
    hours_back: Annotated[Whole, Field(ge=1, le=72)] = 24
    cameras: Annotated[tuple[Line, ...], Field(max_length=500)] = ()
    make: Word | None = None
    model: Word | None = None
    colour: Word | None = None
    kind: Word | None = None
    at_least: Annotated[Whole, Field(ge=1, le=1000)] = 1


class DefinitionAsked(Asked):
    """What is compared, how often, and what its entries say."""

    name: Line
    category: Line
    case_number: Line
    contact: Line
    sources: Annotated[
        tuple[Annotated[OnListAsked | SeenByAsked, Field(discriminator="of")], ...],
        Field(min_length=1, max_length=SOURCES_AT_MOST),
    ]
    every_hours: Annotated[Whole, Field(ge=1, le=EVERY_HOURS_AT_MOST)] = EVERY_HOURS_AT_MOST


class DefinitionDecision(Asked):
    """Whether the list is made from now on, or no longer; and why."""

    agreed: Yes
    statement: Annotated[str, Field(max_length=2000)]


@routes.get("", summary="The compiled lists")
async def shown(session: Caller, gateway: TheGateway, address: Address) -> list[dict[str, Any]]:
    """The agency's definitions, newest first, and how each stands."""
    return [_as_json(one) for one in await gateway.compiled_lists.shown(session, address)]


@routes.post("", status_code=201, summary="Define a compiled list")
async def define(asked: DefinitionAsked, session: Caller, gateway: TheGateway, address: Address) -> dict[str, Any]:
    """The definition; it is made once who designates lists has approved it. Its hits are informational."""
    definition = await gateway.compiled_lists.define(
        session,
        name=asked.name,
        category=asked.category,
        case_number=asked.case_number,
        contact=asked.contact,
        sources=tuple(_source(one) for one in asked.sources),
        every_hours=asked.every_hours,
        address=address,
    )
    return _as_json(definition)


@routes.post("/{definition_id}/decision", summary="Approve a compiled list, refuse it, or end it")
async def decide(
    definition_id: uuid.UUID, given: DefinitionDecision, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """The definition; one that runs is ended by not agreeing, and its entries go."""
    agreed, statement = given.agreed, given.statement
    return _as_json(
        await gateway.compiled_lists.decide(session, definition_id, agreed=agreed, statement=statement, address=address)
    )


def _source(asked: OnListAsked | SeenByAsked) -> Source:
    if isinstance(asked, OnListAsked):
        return OnList(list_id=asked.list_id, categories=asked.categories)
    vehicle = VehicleAsked(make=asked.make, model=asked.model, colour=asked.colour, kind=asked.kind)
    return SeenBy(hours_back=asked.hours_back, cameras=asked.cameras, vehicle=vehicle, at_least=asked.at_least)


def _as_json(definition: Definition) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(definition)
    return shown | {"state": definition.state}
