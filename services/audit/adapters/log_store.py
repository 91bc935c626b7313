"""The log in PostgreSQL: one writer at a time, numbers without gaps."""

import uuid
from collections.abc import Sequence

import asyncpg

from services.audit.appending import Appended, Entry, Unstorable, what_is_new
from services.audit.metrics import APPENDED, LENGTH

WRITER_LOCK = 0x41554454
"""The advisory lock of whoever appends."""

_INSERT = """
INSERT INTO audit.records (seq, id, access_id, agency_id, at, canonical, leaf_hash)
SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::bytea[], $7::bytea[])
"""


class LogStore:
    """The append-only table `audit.records`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def append(self, entries: list[Entry]) -> Appended:
        """Appends those that are new in one transaction; raises Unstorable."""
        try:
            # Read committed: what is read after the lock is had is what the writer before has committed.
            async with self._pool.acquire() as connection, connection.transaction(isolation="read_committed"):
                await connection.execute("SELECT pg_advisory_xact_lock($1)", WRITER_LOCK)
                appended = what_is_new(entries, await _known(connection, entries))
                length = await _length(connection)
                await _insert(connection, appended.fresh, first=length)
        except (asyncpg.DataError, asyncpg.ProgramLimitExceededError) as error:
            raise Unstorable(f"the log cannot hold it: {error}") from error
        APPENDED.inc(len(appended.fresh))
        LENGTH.set(length + len(appended.fresh))
        return appended


async def _known(connection: asyncpg.Connection, entries: list[Entry]) -> dict[uuid.UUID, bytes]:
    rows = await connection.fetch(
        "SELECT id, leaf_hash FROM audit.records WHERE id = ANY($1::uuid[])", [entry.id for entry in entries]
    )
    return {row["id"]: row["leaf_hash"] for row in rows}


async def _length(connection: asyncpg.Connection) -> int:
    length: int = await connection.fetchval("SELECT coalesce(max(seq) + 1, 0) FROM audit.records")
    return length


async def _insert(connection: asyncpg.Connection, entries: Sequence[Entry], *, first: int) -> None:
    if entries:
        await connection.execute(
            _INSERT,
            [first + place for place in range(len(entries))],
            [entry.id for entry in entries],
            [entry.access_id for entry in entries],
            [entry.agency_id for entry in entries],
            [entry.at for entry in entries],
            [entry.canonical for entry in entries],
            [entry.leaf_hash for entry in entries],
        )
