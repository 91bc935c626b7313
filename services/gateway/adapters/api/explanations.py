"""Explaining what came of a read, over the API."""

import uuid
from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel

from plateward.matching.in_force import Refusal
from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.api.inquiry_bodies import ReasonGiven
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.explanations import Considered

routes = APIRouter(prefix="/v1/explanations", tags=["explanations"])


class ExplanationAsked(Asked):
    """A read of the own agency, and why this is asked."""

    read_id: uuid.UUID
    reason: ReasonGiven


class EntryConsidered(BaseModel):
    """An entry whose plate could be the read's, and what came of it."""

    entry: dict[str, Any]
    comparison: dict[str, Any]
    hit: bool
    why: str
    """`hit`, or the name of the reason against it."""
    sentence: str
    agencies: tuple[str, ...]


class ReadExplained(BaseModel):
    """What a read was compared with, and the moment as of which that is told."""

    access_id: uuid.UUID
    read: dict[str, Any]
    at: datetime
    no_news: str | None
    considered: list[EntryConsidered]


@routes.post("", summary="Explain what came of a read")
async def explain(asked: ExplanationAsked, session: Caller, gateway: TheGateway, address: Address) -> ReadExplained:
    """Which entries a read of the own agency was compared with, and why each was a hit or not."""
    explained = await gateway.explanations.explain(session, asked.read_id, asked.reason.as_reason(), address)
    return ReadExplained(
        access_id=explained.access_id,
        read=msgspec.to_builtins(explained.read),
        at=explained.at,
        no_news=explained.no_news,
        considered=[_considered(one) for one in explained.considered],
    )


def _considered(one: Considered) -> EntryConsidered:
    entry, comparison = msgspec.to_builtins(one.entry), msgspec.to_builtins(one.comparison)
    if isinstance(one.decision, Refusal):
        return EntryConsidered(
            entry=entry,
            comparison=comparison,
            hit=False,
            why=one.decision.reason,
            sentence=one.decision.sentence,
            agencies=(),
        )
    hot_list = one.decision.hot_list
    sentence = f"{hot_list.name}, version {hot_list.version}: a hit, {one.decision.grade}."
    return EntryConsidered(
        entry=entry, comparison=comparison, hit=True, why="hit", sentence=sentence, agencies=one.decision.agencies
    )
