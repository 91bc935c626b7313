"""Hot-list entries in PostgreSQL, and the outbox that carries each change to the topic."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.event import derive_id, encode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.topics import HOT_LIST

OUTBOX_CHANNEL = "plateward_outbox"
"""Where the relay hears that the outbox has grown."""


class PostgresHotList:
    """The tables `hot_list_entries` and `outbox`, changed together or not at all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_agency(self, agency_id: str, at: datetime) -> list[HotListEntry]:
        """The agency's entries in force, newest first."""
        rows = await self._pool.fetch(
            """
            SELECT document FROM hot_list_entries
             WHERE agency_id = $1 AND removed_at IS NULL AND expires_at > $2 ORDER BY entered_at DESC
            """,
            agency_id,
            at,
        )
        return [msgspec.convert(row["document"], HotListEntry) for row in rows]

    async def add(self, entry: HotListEntry) -> None:
        """Adds an entry and its event; adding the same entry again changes nothing."""
        async with self._pool.acquire() as connection, connection.transaction():
            added = await connection.fetchval(
                """
                INSERT INTO hot_list_entries (id, agency_id, list_id, entered_at, expires_at, document)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING true
                """,
                *(entry.id, entry.agency_id, entry.list_id, entry.entered_at, entry.expires_at),
                msgspec.to_builtins(entry),
            )
            if added:
                await _send(connection, entry.id, encode(entry), f"entered {entry.version}", entry.entered_at)

    async def remove(self, entry_id: uuid.UUID, agency_id: str, removed_by: str, at: datetime) -> bool:
        """Removes an entry and has a tombstone sent; False when the agency has no such entry."""
        async with self._pool.acquire() as connection, connection.transaction():
            removed = await connection.fetchval(
                """
                UPDATE hot_list_entries SET removed_at = $3, removed_by = $4
                 WHERE id = $1 AND agency_id = $2 AND removed_at IS NULL RETURNING true
                """,
                *(entry_id, agency_id, at, removed_by),
            )
            if removed:
                await _send(connection, entry_id, None, "removed", at)
        return bool(removed)


async def _send(
    connection: asyncpg.Connection, entry_id: uuid.UUID, value: bytes | None, what: str, at: datetime
) -> None:
    await connection.execute(
        "INSERT INTO outbox (topic, key, value, event_id, made_at) VALUES ($1, $2, $3, $4, $5)",
        *(HOT_LIST.name, str(entry_id), value, derive_id("hot-list", entry_id, what), at),
    )
    await connection.execute(f"NOTIFY {OUTBOX_CHANNEL}")
