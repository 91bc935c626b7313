"""The Merkle tree in PostgreSQL: leaves are in `audit.records`, the roots of whole tiles in `audit.tile_roots`.

Rows are only ever added, a root for 256 records; every read is of a few hundred rows, however long the log is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import asyncpg

from plateward.tlog.growing import TILE_HEIGHT, RightEdge, TileRoot, edge_widths
from plateward.tlog.hashing import perfect_root
from plateward.tlog.proving import Subtree
from services.audit.tree import TreeDamaged

_COUNT = "SELECT coalesce(max(seq) + 1, 0) FROM audit.records"
_LAST_LEAVES = "SELECT leaf_hash FROM audit.records WHERE seq >= $1 AND seq < $2 ORDER BY seq"
_LAST_ROOTS = "SELECT hash FROM audit.tile_roots WHERE level = $3 AND index >= $1 AND index < $2 ORDER BY index"
_LEAVES = "SELECT seq, leaf_hash FROM audit.records WHERE seq = ANY($1::bigint[])"
_ROOTS = "SELECT index, hash FROM audit.tile_roots WHERE level = $2 AND index = ANY($1::bigint[])"


async def read_edge(connection: asyncpg.Connection) -> RightEdge:
    """The right edge of the whole tree; raises TreeDamaged where rows are missing."""
    size: int = await connection.fetchval(_COUNT)
    rows = []
    for level, width in enumerate(edge_widths(size)):
        end = size >> TILE_HEIGHT * level
        rows.append(await _row(connection, level, end - width, end))
    try:
        return RightEdge(size, rows)
    except ValueError as error:
        raise TreeDamaged(f"rows of the tree are missing: {error}") from error


async def read_row(connection: asyncpg.Connection, level: int, start: int, end: int) -> list[bytes]:
    """The hashes of a level from `start` up to, and without, `end`; raises TreeDamaged where any is missing."""
    row = await _row(connection, level, start, end)
    if len(row) != end - start:
        raise TreeDamaged(f"hashes of level {level} are missing")
    return row


async def read_subtrees(connection: asyncpg.Connection, wanted: Iterable[Subtree]) -> dict[Subtree, bytes]:
    """The hashes of these perfect subtrees; raises TreeDamaged where what they are made of is missing."""
    parts = {subtree: _parts(subtree) for subtree in wanted}
    places: dict[int, list[int]] = defaultdict(list)
    for level, indexes in parts.values():
        places[level].extend(indexes)
    hashes = {level: await _hashes(connection, level, indexes) for level, indexes in places.items()}
    try:
        return {
            subtree: perfect_root([hashes[level][index] for index in indexes])
            for subtree, (level, indexes) in parts.items()
        }
    except KeyError as error:
        raise TreeDamaged(f"the hash {error} of the tree is missing") from error


async def add_tile_roots(connection: asyncpg.Connection, roots: Sequence[TileRoot]) -> None:
    """Adds the roots of tiles that have become whole."""
    if roots:
        await connection.copy_records_to_table(
            "tile_roots",
            schema_name="audit",
            columns=["level", "index", "hash"],
            records=[(root.level, root.index, root.hash) for root in roots],
        )


async def _row(connection: asyncpg.Connection, level: int, start: int, end: int) -> list[bytes]:
    if level == 0:
        rows = await connection.fetch(_LAST_LEAVES, start, end)
    else:
        rows = await connection.fetch(_LAST_ROOTS, start, end, level)
    return [one for (one,) in rows]


async def _hashes(connection: asyncpg.Connection, level: int, indexes: Sequence[int]) -> dict[int, bytes]:
    if level == 0:
        return dict(await connection.fetch(_LEAVES, indexes))
    return dict(await connection.fetch(_ROOTS, indexes, level))


def _parts(subtree: Subtree) -> tuple[int, range]:
    """The level whose hashes make up a subtree, and which they are."""
    level, above = divmod(subtree.height, TILE_HEIGHT)
    return level, range(subtree.index << above, (subtree.index + 1) << above)
