"""Hot-list entries and lists in PostgreSQL, as they are and as they were, and the outbox that carries each change."""

import uuid
from collections.abc import Callable
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.event import derive_id
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList, list_key
from plateward.contracts.topics import HOT_LIST, HOT_LISTS
from plateward.plates.confusion import match_key
from plateward.plates.patterns import is_partial
from services.gateway.adapters.outgoing import AT_ONCE, send
from services.gateway.lists import with_changed_entries


class PostgresHotList:
    """The tables `hot_list_entries`, `entry_versions`, `hot_list_versions` and `outbox`, changed together or not."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_agency(self, agency_id: str, at: datetime) -> list[HotListEntry]:
        """The agency's entries that have not expired, newest first; those suspended are among them."""
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
                await _tell(connection, entry, f"entered {entry.version}", entry.entered_at)

    async def remove(self, entry_id: uuid.UUID, agency_id: str, removed_by: str, at: datetime) -> bool:
        """Removes an entry and has a tombstone sent; False when the agency has no such entry."""
        async with self._pool.acquire() as connection, connection.transaction():
            list_id = await connection.fetchval(
                """
                UPDATE hot_list_entries SET removed_at = $3, removed_by = $4
                 WHERE id = $1 AND agency_id = $2 AND removed_at IS NULL RETURNING list_id
                """,
                *(entry_id, agency_id, at, removed_by),
            )
            if list_id is not None:
                await _end(connection, entry_id, at)
                await send(connection, HOT_LIST, str(entry_id), None, _event_id(entry_id, "removed"), at)
                await _note_list(connection, agency_id, list_id, at)
        return list_id is not None

    async def suspend(self, entry_id: uuid.UUID, agency_id: str, found_by: str, at: datetime) -> HotListEntry | None:
        """Suspends an entry as recovered; None when the agency has no such entry. Once more changes nothing."""
        async with self._pool.acquire() as connection, connection.transaction():
            document = await connection.fetchval(
                """
                SELECT document FROM hot_list_entries
                 WHERE id = $1 AND agency_id = $2 AND removed_at IS NULL FOR UPDATE
                """,
                *(entry_id, agency_id),
            )
            if document is None:
                return None
            entry = msgspec.convert(document, HotListEntry)
            if entry.suspended_at is not None:
                return entry
            entry = msgspec.structs.replace(entry, suspended_at=at, found_by=found_by, version=entry.version + 1)
            await connection.execute(
                "UPDATE hot_list_entries SET document = $2 WHERE id = $1", entry_id, msgspec.to_builtins(entry)
            )
            await _tell(connection, entry, f"suspended {entry.version}", at)
        return entry


class PostgresLists:
    """The table `hot_list_versions` and `outbox`, changed together or not at all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def state(self, agency_id: str, list_id: str, decide: Callable[[HotList | None], HotList]) -> None:
        """Replaces what is stated of a list by what is decided from it, alone with it."""
        async with self._pool.acquire() as connection, connection.transaction():
            await state_list(connection, decide(await list_in_force(connection, agency_id, list_id)))


async def _tell(connection: asyncpg.Connection, entry: HotListEntry, what: str, at: datetime) -> None:
    """Keeps the entry as it is now, and has it sent with its list's new version."""
    await _end(connection, entry.id, at)
    loose = entry.near_misses or is_partial(entry.plate)
    await connection.execute(
        "INSERT INTO entry_versions (entry_id, from_at, match_key, document) VALUES ($1, $2, $3, $4)",
        *(entry.id, at, None if loose else match_key(entry.plate), msgspec.to_builtins(entry)),
    )
    await send(connection, HOT_LIST, str(entry.id), entry, _event_id(entry.id, what), at)
    await _note_list(connection, entry.agency_id, entry.list_id, at)


async def _end(connection: asyncpg.Connection, entry_id: uuid.UUID, at: datetime) -> None:
    await connection.execute(
        "UPDATE entry_versions SET until_at = $2 WHERE entry_id = $1 AND until_at IS NULL", entry_id, at
    )


async def _note_list(connection: asyncpg.Connection, agency_id: str, list_id: str, at: datetime) -> None:
    """States the list anew after a change of its entries; one that was never stated is first stated by its keeper."""
    before = await list_in_force(connection, agency_id, list_id)
    if before is not None:
        await state_list(connection, with_changed_entries(before, at))


async def list_in_force(connection: asyncpg.Connection, agency_id: str, list_id: str) -> HotList | None:
    """The list as it was last stated, which nobody else states until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", list_key(agency_id, list_id))
    document = await connection.fetchval(
        "SELECT document FROM hot_list_versions WHERE agency_id = $1 AND list_id = $2 AND until_at IS NULL",
        *(agency_id, list_id),
    )
    return None if document is None else msgspec.convert(document, HotList)


async def state_list(
    connection: asyncpg.Connection, hot_list: HotList, at: datetime | None = None, lane: int = AT_ONCE
) -> None:
    """States a list, from this time on; without one, from its refresh on."""
    own, at = (hot_list.agency_id, hot_list.list_id), at or hot_list.refreshed_at
    await connection.execute(
        "UPDATE hot_list_versions SET until_at = $3 WHERE agency_id = $1 AND list_id = $2 AND until_at IS NULL",
        *(*own, at),
    )
    await connection.execute(
        "INSERT INTO hot_list_versions (agency_id, list_id, from_at, document) VALUES ($1, $2, $3, $4)",
        *(*own, at, msgspec.to_builtins(hot_list)),
    )
    event_id = derive_id("hot-list-stated", *own, hot_list.version, at.isoformat())
    await send(connection, HOT_LISTS, list_key(*own), hot_list, event_id, at, lane)


def _event_id(entry_id: uuid.UUID, what: str) -> uuid.UUID:
    return derive_id("hot-list", entry_id, what)
