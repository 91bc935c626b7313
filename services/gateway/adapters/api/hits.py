"""The hits of an agency over the API: a list, a stream, and the pictures."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event

from plateward.contracts.reads import ImageKind
from plateward.kernel.clock import now
from services.gateway.adapters.api.pictures import Picture
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.hits import HitStream, SeenHit

routes = APIRouter(prefix="/v1/hits", tags=["hits"])

TICK_SECONDS = 1.0
"""How often a stream shows that it lives; a console that misses three says that it has lost it."""

STREAM_LASTS_SECONDS = 600.0
"""After this a stream ends and the console resumes it: rights are asked again, and the look is recorded again."""


@routes.get("", summary="The newest hits")
async def recent(
    session: Caller, gateway: TheGateway, address: Address, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[dict[str, Any]]:
    """The agency's newest hits, newest first."""
    return [_as_json(seen) for seen in await gateway.hits.recent(session, address, limit)]


@routes.get(
    "/stream",
    summary="Hits as they come",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def stream(
    request: Request,
    session: Caller,
    gateway: TheGateway,
    address: Address,
    last_event_id: Annotated[int | None, Header(ge=0, lt=2**63)] = None,
) -> Response:
    """Server-sent events: `hit` with the hit's number as its id, and `tick` every second, with lists that are silent.

    A hit that is seen once more comes again, under a new number.

    With Last-Event-ID it goes on after that hit, so that nothing is missed across a reconnection.
    """
    open_streams = contextlib.AsyncExitStack()
    hits = await open_streams.enter_async_context(gateway.hits.stream(session, last_event_id, address))
    events = _events(hits, open_streams, request.app.state.stopping)
    return EventSourceResponse(events, headers={"X-Accel-Buffering": "no"})


@routes.get("/{hit_id}/images/{kind}", response_class=Picture, summary="A picture of a hit")
async def image(hit_id: uuid.UUID, kind: ImageKind, session: Caller, gateway: TheGateway, address: Address) -> Response:
    """The plate or the scene, as the camera saw it."""
    return Picture(await gateway.hits.image(session, hit_id, kind, address))


async def _events(
    hits: HitStream, open_streams: contextlib.AsyncExitStack, stopping: asyncio.Event
) -> AsyncIterator[bytes]:
    async with open_streams:
        clock = asyncio.get_running_loop()
        ends_at, ticks_at = clock.time() + STREAM_LASTS_SECONDS, clock.time()
        while clock.time() < ends_at and not stopping.is_set():
            if clock.time() >= ticks_at:
                ticks_at = clock.time() + TICK_SECONDS
                yield format_sse_event(event="tick", data_str=await _as_tick(hits))
            for seen in await hits.next_hits(max(0.0, ticks_at - clock.time())):
                yield format_sse_event(event="hit", id=str(seen.sequence), data_str=_as_event(seen))


async def _as_tick(hits: HitStream) -> str:
    silent = [{"name": one.name, "since": one.at} for one in await hits.silent_lists()]
    return msgspec.json.encode({"at": now(), "silent_lists": silent}).decode()


def _as_json(seen: SeenHit) -> dict[str, Any]:
    return {"sequence": seen.sequence, "hit": msgspec.to_builtins(seen.hit)}


def _as_event(seen: SeenHit) -> str:
    return msgspec.json.encode(_as_json(seen)).decode()
