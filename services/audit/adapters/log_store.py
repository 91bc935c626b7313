"""The log in PostgreSQL: one writer at a time, numbers without gaps, and the tree grown with them."""

import uuid
from collections.abc import Iterable, Sequence

import asyncpg

from plateward.contracts.access import AccessRecord
from services.audit.adapters.copying import COLUMNS, copied
from services.audit.adapters.tree_store import add_tile_roots, read_edge
from services.audit.appending import Appended, Entry, NewEntries, Unstorable
from services.audit.metrics import APPENDED, LENGTH

WRITER_LOCK = 0x41554454
"""The advisory lock of whoever appends."""


class LogStore:
    """The append-only table `audit.records`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def append(self, records: Sequence[AccessRecord]) -> Appended:
        """Appends those that are new in one transaction; raises Unstorable, and TreeDamaged."""
        try:
            # Read committed: what is read after the lock is had is what the writer before has committed.
            async with self._pool.acquire() as connection, connection.transaction(isolation="read_committed"):
                await connection.execute("SELECT pg_advisory_xact_lock($1)", WRITER_LOCK)
                edge = await read_edge(connection)
                new = await _insert_new(connection, records, first=edge.size)
                await add_tile_roots(connection, edge.append(new.leaves))
        except (asyncpg.DataError, asyncpg.ProgramLimitExceededError) as error:
            raise Unstorable(f"the log cannot hold it: {error}") from error
        APPENDED.inc(len(new.leaves))
        LENGTH.set(edge.size)
        return Appended(len(new.leaves), tuple(new.rewrites))


async def _insert_new(connection: asyncpg.Connection, records: Sequence[AccessRecord], *, first: int) -> NewEntries:
    """Inserts the records that are new. That all are is tried first: only after a crash are there any others."""
    new = NewEntries(records, {})
    try:
        async with connection.transaction():
            await _insert(connection, new, first=first)
    except asyncpg.UniqueViolationError:
        new = NewEntries(records, await _known(connection, records))
        await _insert(connection, new, first=first)
    return new


async def _known(connection: asyncpg.Connection, records: Sequence[AccessRecord]) -> dict[uuid.UUID, bytes]:
    rows = await connection.fetch(
        "SELECT id, leaf_hash FROM audit.records WHERE id = ANY($1::uuid[])", [record.id for record in records]
    )
    return {row["id"]: row["leaf_hash"] for row in rows}


async def _insert(connection: asyncpg.Connection, entries: Iterable[Entry], *, first: int) -> None:
    await connection.copy_to_table(
        "records", schema_name="audit", columns=COLUMNS, source=copied(entries, first), format="binary"
    )
