"""Requests about entries, in PostgreSQL, decided together with what they make of the entry."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.hot_list import HotListEntry
from services.gateway.adapters.stores.hot_list import keep_request, removed, tell
from services.gateway.entries.approval import EntryRequest

REQUESTS = """
SELECT r.*, e.document FROM entry_requests r JOIN hot_list_entries e ON e.id = r.entry_id
"""


class PostgresEntryRequests:
    """The table `entry_requests`, and the entries that they are about."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_agency(self, agency_id: str, since: datetime) -> list[tuple[EntryRequest, HotListEntry]]:
        """The agency's requests made since then, and all that wait, each with its entry, newest first."""
        rows = await self._pool.fetch(
            f"""
            {REQUESTS} WHERE r.agency_id = $1
               AND (r.agreed IS NOT NULL AND r.asked_at >= $2 OR r.agreed IS NULL AND e.removed_at IS NULL)
             ORDER BY r.asked_at DESC LIMIT 500
            """,
            *(agency_id, since),
        )
        return [_both(row) for row in rows]

    async def waiting(self, entry_id: uuid.UUID, agency_id: str) -> tuple[EntryRequest, HotListEntry] | None:
        """What waits for a decision on an entry of the agency that is on its list."""
        row = await self._pool.fetchrow(
            f"{REQUESTS} WHERE r.entry_id = $1 AND r.agency_id = $2 AND r.agreed IS NULL AND e.removed_at IS NULL",
            *(entry_id, agency_id),
        )
        return None if row is None else _both(row)

    async def add(self, request: EntryRequest) -> bool:
        """Keeps a request; False when another of the same entry waits already."""
        async with self._pool.acquire() as connection, connection.transaction():
            return await keep_request(connection, request)

    async def decide(self, request: EntryRequest, entry: HotListEntry | None) -> bool:
        """Writes a decision down with what it makes of the entry; False when it was decided, or ended, meanwhile."""
        assert request.decided_at is not None
        assert request.decided_by is not None
        async with self._pool.acquire() as connection, connection.transaction():
            changed = entry is None or await _replaced(connection, entry)
            done = changed and await connection.fetchval(
                """
                UPDATE entry_requests
                   SET decided_by = $2, decided_at = $3, agreed = $4, decision = $5, unreachable = $6
                 WHERE id = $1 AND agreed IS NULL RETURNING true
                """,
                *(request.id, msgspec.to_builtins(request.decided_by), request.decided_at, request.agreed),
                *(request.decision, request.unreachable),
            )
            if not done:
                return False
            if entry is not None:
                await tell(connection, entry, f"approved {entry.version}", request.decided_at)
            elif request.kind == "entry":
                by, at = request.decided_by.username, request.decided_at
                await removed(connection, request.entry_id, request.agency_id, by, at)
        return True

    async def replace(self, entry: HotListEntry, at: datetime) -> bool:
        """Has an entry be what it is now; False when it has changed meanwhile."""
        async with self._pool.acquire() as connection, connection.transaction():
            if not await _replaced(connection, entry):
                return False
            await tell(connection, entry, f"renewed {entry.version}", at)
        return True


async def _replaced(connection: asyncpg.Connection, entry: HotListEntry) -> bool:
    """Whether the entry was the version before, and is this one now."""
    done: bool | None = await connection.fetchval(
        """
        UPDATE hot_list_entries SET document = $2, expires_at = $3
         WHERE id = $1 AND removed_at IS NULL AND (document ->> 'version')::integer = $4 RETURNING true
        """,
        *(entry.id, msgspec.to_builtins(entry), entry.expires_at, entry.version - 1),
    )
    return bool(done)


def _both(row: asyncpg.Record) -> tuple[EntryRequest, HotListEntry]:
    request = EntryRequest(
        id=row["id"],
        entry_id=row["entry_id"],
        agency_id=row["agency_id"],
        kind=row["kind"],
        asked_by=msgspec.convert(row["asked_by"], Actor),
        requester_title=row["requester_title"],
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        statement=row["statement"],
        decided_by=None if row["decided_by"] is None else msgspec.convert(row["decided_by"], Actor),
        decided_at=row["decided_at"],
        agreed=row["agreed"],
        decision=row["decision"],
        unreachable=row["unreachable"],
    )
    return request, msgspec.convert(row["document"], HotListEntry)
