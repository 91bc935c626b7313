"""What the log shows to anybody who can reach it: checkpoints, hashes and proofs, and never a record."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import PlainTextResponse

from plateward.kernel.openapi import whole_problem_answer
from plateward.kernel.problems import Problem
from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.growing import TILE_HEIGHT, TILE_WIDTH
from plateward.tlog.notes import SignedNote
from services.audit.adapters.checkpoint_store import CheckpointStore
from services.audit.adapters.tile_paths import Tile, tile_of

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NOT_KEPT = {"Cache-Control": "no-store"}

Place = Annotated[int, Query(ge=0, lt=2**62)]

REFUSALS: dict[int | str, dict[str, Any]] = {
    404: whole_problem_answer("The log has none of this."),
    422: whole_problem_answer("The request does not keep to its form: the field and the rule are named."),
}


def log_routes(store: CheckpointStore, publish: Callable[[], Awaitable[None]]) -> APIRouter:
    """C2SP's tlog-tiles without its entries, and proofs for those who would rather not compute them."""
    router = APIRouter(tags=["access log"], responses=REFUSALS, default_response_class=PlainTextResponse)

    async def newest() -> SignedNote:
        note = await store.checkpoint()
        if note is None:
            raise Problem(404, "No checkpoint", "the log has not been signed yet")
        return note

    @router.get("/checkpoint", summary="The newest checkpoint")
    async def read_checkpoint() -> Response:
        """With the cosignatures and time-stamps that it has."""
        return _text(await newest())

    @router.post("/checkpoint", summary="Sign a checkpoint now")
    async def renew_checkpoint() -> Response:
        """Of the log as it is; witnesses are asked, authorities are not waited for."""
        await publish()
        return _text(await newest())

    @router.get("/checkpoints/stamped", summary="The newest checkpoint that an authority has stamped")
    async def read_stamped_checkpoint() -> Response:
        """With its time-stamp (RFC 3161) as a line of signature."""
        note = await store.stamped()
        if note is None:
            raise Problem(404, "No checkpoint", "no authority has stamped a checkpoint yet")
        return _text(note)

    @router.get("/checkpoints/{size}", summary="The checkpoint at a size")
    async def read_old_checkpoint(size: Annotated[int, Path(description="How many records it covers.")]) -> Response:
        """As it was signed."""
        note = await store.checkpoint(size) if 0 <= size < 2**62 else None
        if note is None:
            raise Problem(404, "No checkpoint", "the log was not signed at this size")
        return _text(note)

    @router.get("/tile/{level}/{path:path}", summary="Hashes of the tree", response_class=Response)
    async def read_tile(level: int, path: str) -> Response:
        """A tile of the newest checkpoint (C2SP tlog-tiles)."""
        tile = tile_of(level, path)
        if tile is None or not _is_under(tile, checkpoint_of(await newest()).size):
            raise Problem(404, "No tile", "the newest checkpoint has no such tile")
        first = tile.index * TILE_WIDTH
        hashes = await store.row(tile.level, first, first + tile.width)
        return Response(b"".join(hashes), headers=FOR_EVER, media_type="application/octet-stream")

    @router.get("/proofs/inclusion", summary="That a record is in the log")
    async def prove_inclusion(
        record: uuid.UUID | None = None, index: Place | None = None, size: Place | None = None
    ) -> Response:
        """By its id, or its place; under the newest checkpoint, or the one at a size (C2SP tlog-proof)."""
        place = index if record is None else await store.place_of(record)
        note = await newest() if size is None else await store.checkpoint(size)
        if note is None:
            raise Problem(404, "No checkpoint", "the log was not signed at this size")
        if place is None or place >= checkpoint_of(note).size:
            raise Problem(404, "No such record", "the checkpoint has no record of this id or index")
        return _text(await store.prove_inclusion(place, note))

    @router.get("/proofs/consistency", summary="That the log has only grown")
    async def prove_consistency(old: Place, new: Place | None = None) -> Response:
        """From the size of an older checkpoint to the newest, or to the one at another size."""
        note = await (newest() if new is None else store.checkpoint(new))
        if note is None or old > checkpoint_of(note).size:
            raise Problem(404, "No such checkpoint", "the log was not signed at this size, or is shorter")
        return _text(await store.prove_consistency(old, note))

    return router


def _is_under(tile: Tile, size: int) -> bool:
    return tile.index * TILE_WIDTH + tile.width <= size >> TILE_HEIGHT * tile.level


def _text(content: object) -> Response:
    return PlainTextResponse(str(content), headers=NOT_KEPT)
