"""Shared hits for partners' machines: the stream, and the pictures of a hit."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event

from plateward.contracts.event import encode
from plateward.contracts.reads import ImageKind
from services.gateway.adapters.api.pictures import Picture
from services.gateway.adapters.callers import Address, TheGateway
from services.gateway.adapters.machines import SubscribedMachine
from services.gateway.partners.tokens import TOKEN_LASTS
from services.gateway.shared_hits.streams import Beat, End, Follower, SharedHitStreams

routes = APIRouter(prefix="/v1/partner/hits", tags=["partners' machines"])

BEAT = b": beat\n\n"
"""A comment: no event, but a line that lives."""


@routes.get(
    "/stream",
    summary="Shared hits as they come",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def stream(
    request: Request,
    machine: SubscribedMachine,
    gateway: TheGateway,
    address: Address,
    last_event_id: Annotated[int | None, Header(ge=0, lt=2**63)] = None,
) -> Response:
    """Server-sent events: `hit`, its number as the id, and a comment every two seconds; `end` says why it ends.

    The data of a hit is a plateward.shared-hit.v1, with the access record of its delivery. With Last-Event-ID it goes
    on after that hit, as far back as seven days. It ends with the token: with a new one it is taken up again.
    """
    follower = Follower(machine.client.client_id, address, str(machine.token_id), machine.began_at + TOKEN_LASTS)
    streams = gateway.shared_hits.streams
    after = await streams.begin(follower, last_event_id)
    events = _events(streams, follower, after, request.app.state.stopping)
    return EventSourceResponse(events, headers={"X-Accel-Buffering": "no"})


@routes.get("/{hit_id}/images/{kind}", response_class=Picture, summary="A picture of a shared hit")
async def image(
    hit_id: uuid.UUID, kind: ImageKind, machine: SubscribedMachine, gateway: TheGateway, address: Address
) -> Response:
    """The plate or the scene, where an agreement shares pictures."""
    return Picture(await gateway.shared_hits.pictures.picture(machine.as_session, hit_id, kind, address))


async def _events(
    streams: SharedHitStreams, follower: Follower, after: int, stopping: asyncio.Event
) -> AsyncIterator[bytes]:
    async with aclosing(streams.follow(follower, after, stopping)) as coming:
        async for event in coming:
            match event:
                case Beat():
                    yield BEAT
                case End(why):
                    yield format_sse_event(event="end", data_str=msgspec.json.encode({"why": why}).decode())
                case delivered:
                    number = str(delivered.hit.sequence)
                    yield format_sse_event(event="hit", id=number, data_str=encode(delivered).decode())
