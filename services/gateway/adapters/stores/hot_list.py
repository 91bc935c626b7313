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
from services.gateway.entries.approval import EntryRequest
from services.gateway.entries.new_entry import DEPARTMENT_LIST
from services.gateway.lists import with_changed_entries


class PostgresHotList:
    """The tables `hot_list_entries`, `entry_versions`, `hot_list_versions` and `outbox`, changed together or not."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_agency(self, agency_id: str, at: datetime) -> list[HotListEntry]:
        """The agency's own entries that have not expired, newest first; those suspended or waiting are among them."""
        rows = await self._pool.fetch(
            """
            SELECT document FROM hot_list_entries
             WHERE agency_id = $1 AND list_id = $3 AND removed_at IS NULL AND expires_at > $2 ORDER BY entered_at DESC
            """,
            *(agency_id, at, DEPARTMENT_LIST),
        )
        return [msgspec.convert(row["document"], HotListEntry) for row in rows]

    async def one(self, entry_id: uuid.UUID, agency_id: str) -> HotListEntry | None:
        """An entry of the agency that is on its list."""
        document = await self._pool.fetchval(
            "SELECT document FROM hot_list_entries WHERE id = $1 AND agency_id = $2 AND removed_at IS NULL",
            *(entry_id, agency_id),
        )
        return None if document is None else msgspec.convert(document, HotListEntry)

    async def members(self, agency_id: str, usernames: tuple[str, ...]) -> frozenset[str]:
        """Those of these names who are the agency's."""
        rows = await self._pool.fetch(
            "SELECT username FROM people WHERE agency_id = $1 AND username = ANY($2) AND active",
            *(agency_id, list(usernames)),
        )
        return frozenset(row["username"] for row in rows)

    async def add(self, entry: HotListEntry, request: EntryRequest | None = None) -> None:
        """Adds an entry and its event, and what it waits for; adding the same entry again changes nothing."""
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
                await tell(connection, entry, f"entered {entry.version}", entry.entered_at)
            if request is not None:
                await keep_request(connection, request)

    async def remove(self, entry_id: uuid.UUID, agency_id: str, removed_by: str, at: datetime) -> bool:
        """Removes an entry and has a tombstone sent; False when the agency has no such entry."""
        async with self._pool.acquire() as connection, connection.transaction():
            return await removed(connection, entry_id, agency_id, removed_by, at)

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
            await tell(connection, entry, f"suspended {entry.version}", at)
        return entry


class PostgresLists:
    """The table `hot_list_versions` and `outbox`, changed together or not at all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def state(self, agency_id: str, list_id: str, decide: Callable[[HotList | None], HotList]) -> None:
        """Replaces what is stated of a list by what is decided from it, alone with it."""
        async with self._pool.acquire() as connection, connection.transaction():
            await put_list(connection, agency_id, list_id, decide)


async def put_list(
    connection: asyncpg.Connection, agency_id: str, list_id: str, decide: Callable[[HotList | None], HotList]
) -> int:
    """Replaces what is stated of a list in this transaction, by what is decided from it; returns its version."""
    stated = decide(await list_in_force(connection, agency_id, list_id))
    await state_list(connection, stated)
    return stated.version


async def keep_request(connection: asyncpg.Connection, request: EntryRequest) -> bool:
    """Keeps a request in this transaction; False when another of the same entry waits already."""
    kept: bool | None = await connection.fetchval(
        """
        INSERT INTO entry_requests (id, entry_id, agency_id, kind, asked_by, requester_title, asked_at, expires_at,
                                    statement)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (entry_id) WHERE agreed IS NULL DO NOTHING
        RETURNING true
        """,
        *(request.id, request.entry_id, request.agency_id, request.kind, msgspec.to_builtins(request.asked_by)),
        *(request.requester_title, request.asked_at, request.expires_at, request.statement),
    )
    return bool(kept)


async def removed(
    connection: asyncpg.Connection, entry_id: uuid.UUID, agency_id: str, removed_by: str, at: datetime
) -> bool:
    """Removes an entry in this transaction, and states its list anew; False when the agency has no such entry."""
    list_id = await taken_off(connection, entry_id, agency_id, removed_by, at)
    if list_id is not None:
        await _note_list(connection, agency_id, list_id, at)
    return list_id is not None


async def taken_off(
    connection: asyncpg.Connection, entry_id: uuid.UUID, agency_id: str, removed_by: str, at: datetime
) -> str | None:
    """Removes an entry in this transaction, whose list is stated by the caller; None when there is no such entry."""
    list_id: str | None = await connection.fetchval(
        """
        UPDATE hot_list_entries SET removed_at = $3, removed_by = $4
         WHERE id = $1 AND agency_id = $2 AND removed_at IS NULL RETURNING list_id
        """,
        *(entry_id, agency_id, at, removed_by),
    )
    if list_id is not None:
        await _end(connection, entry_id, at)
        await send(connection, HOT_LIST, str(entry_id), None, _event_id(entry_id, "removed"), at)
    return list_id


async def tell(connection: asyncpg.Connection, entry: HotListEntry, what: str, at: datetime) -> None:
    """Keeps the entry as it is now, and has it sent with its list's new version; not while it awaits approval."""
    await tell_entry(connection, entry, what, at)
    if not entry.awaits_approval:
        await _note_list(connection, entry.agency_id, entry.list_id, at)


async def tell_entry(connection: asyncpg.Connection, entry: HotListEntry, what: str, at: datetime) -> None:
    """The same, where the caller states the list: once for many entries."""
    await _end(connection, entry.id, at)
    loose = entry.near_misses or is_partial(entry.plate)
    await connection.execute(
        "INSERT INTO entry_versions (entry_id, from_at, match_key, document) VALUES ($1, $2, $3, $4)",
        *(entry.id, at, None if loose else match_key(entry.plate), msgspec.to_builtins(entry)),
    )
    if not entry.awaits_approval:
        await send(connection, HOT_LIST, str(entry.id), entry, _event_id(entry.id, what), at)


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
