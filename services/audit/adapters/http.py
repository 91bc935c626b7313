"""What the log shows to anybody who can reach it: checkpoints, hashes and proofs, and never a record."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from plateward.kernel.problems import Problem
from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.growing import TILE_HEIGHT, TILE_WIDTH
from plateward.tlog.notes import SignedNote
from services.audit.adapters.checkpoint_store import CheckpointStore
from services.audit.adapters.tile_paths import Tile, tile_of

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NOT_KEPT = {"Cache-Control": "no-store"}

Place = Annotated[int, Query(ge=0, lt=2**62)]


def log_routes(store: CheckpointStore, publish: Callable[[], Awaitable[None]]) -> APIRouter:
    """C2SP's tlog-tiles without its entries, and proofs for those who would rather not compute them."""
    router = APIRouter()

    async def newest() -> SignedNote:
        note = await store.checkpoint()
        if note is None:
            raise Problem(404, "No checkpoint", "the log has not been signed yet")
        return note

    @router.get("/checkpoint")
    async def read_checkpoint() -> Response:
        return _text(await newest())

    @router.post("/checkpoint")
    async def renew_checkpoint() -> Response:
        await publish()
        return _text(await newest())

    @router.get("/checkpoints/{size}")
    async def read_old_checkpoint(size: int) -> Response:
        note = await store.checkpoint(size) if 0 <= size < 2**62 else None
        if note is None:
            raise Problem(404, "No checkpoint", "the log was not signed at this size")
        return _text(note)

    @router.get("/tile/{level}/{path:path}")
    async def read_tile(level: int, path: str) -> Response:
        tile = tile_of(level, path)
        if tile is None or not _is_under(tile, checkpoint_of(await newest()).size):
            raise Problem(404, "No tile", "the newest checkpoint has no such tile")
        first = tile.index * TILE_WIDTH
        hashes = await store.row(tile.level, first, first + tile.width)
        return Response(b"".join(hashes), headers=FOR_EVER, media_type="application/octet-stream")

    @router.get("/proofs/inclusion")
    async def prove_inclusion(record: uuid.UUID | None = None, index: Place | None = None) -> Response:
        place = index if record is None else await store.place_of(record)
        note = await newest()
        if place is None or place >= checkpoint_of(note).size:
            raise Problem(404, "No such record", "the newest checkpoint has no record of this id or index")
        return _text(await store.prove_inclusion(place, note))

    @router.get("/proofs/consistency")
    async def prove_consistency(old: Place, new: Place | None = None) -> Response:
        note = await (newest() if new is None else store.checkpoint(new))
        if note is None or old > checkpoint_of(note).size:
            raise Problem(404, "No such checkpoint", "the log was not signed at this size, or is shorter")
        return _text(await store.prove_consistency(old, note))

    return router


def _is_under(tile: Tile, size: int) -> bool:
    return tile.index * TILE_WIDTH + tile.width <= size >> TILE_HEIGHT * tile.level


def _text(content: object) -> Response:
    return PlainTextResponse(str(content), headers=NOT_KEPT)
