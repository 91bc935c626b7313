"""The log in PostgreSQL: one writer at a time, numbers without gaps, and the tree grown with them."""

import uuid
from collections.abc import Iterator, Sequence

import asyncpg

from services.audit.adapters.tree_store import add_tile_roots, read_edge
from services.audit.appending import Appended, Entry, Unstorable, what_is_new
from services.audit.metrics import APPENDED, LENGTH

WRITER_LOCK = 0x41554454
"""The advisory lock of whoever appends."""

_COLUMNS = ("seq", "id", "access_id", "agency_id", "at", "others", "canonical", "leaf_hash")


class LogStore:
    """The append-only table `audit.records`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def append(self, entries: list[Entry]) -> Appended:
        """Appends those that are new in one transaction; raises Unstorable, and TreeDamaged."""
        try:
            # Read committed: what is read after the lock is had is what the writer before has committed.
            async with self._pool.acquire() as connection, connection.transaction(isolation="read_committed"):
                await connection.execute("SELECT pg_advisory_xact_lock($1)", WRITER_LOCK)
                appended = what_is_new(entries, await _known(connection, entries))
                edge = await read_edge(connection)
                await _insert(connection, appended.fresh, first=edge.size)
                await add_tile_roots(connection, edge.append(entry.leaf_hash for entry in appended.fresh))
        except (asyncpg.DataError, asyncpg.ProgramLimitExceededError) as error:
            raise Unstorable(f"the log cannot hold it: {error}") from error
        APPENDED.inc(len(appended.fresh))
        LENGTH.set(edge.size)
        return appended


async def _known(connection: asyncpg.Connection, entries: list[Entry]) -> dict[uuid.UUID, bytes]:
    rows = await connection.fetch(
        "SELECT id, leaf_hash FROM audit.records WHERE id = ANY($1::uuid[])", [entry.id for entry in entries]
    )
    return {row["id"]: row["leaf_hash"] for row in rows}


async def _insert(connection: asyncpg.Connection, entries: Sequence[Entry], *, first: int) -> None:
    if entries:
        await connection.copy_records_to_table(
            "records", schema_name="audit", columns=_COLUMNS, records=_rows(entries, first)
        )


def _rows(entries: Sequence[Entry], first: int) -> Iterator[tuple[object, ...]]:
    for seq, entry in enumerate(entries, first):
        yield seq, entry.id, entry.access_id, entry.agency_id, entry.at, entry.others, entry.canonical, entry.leaf_hash
