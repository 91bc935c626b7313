"""Decisions on the sharing of lists, in PostgreSQL."""

import asyncpg
import msgspec

from plateward.contracts.access import Actor
from services.gateway.adapters.stores.mous import GRANTS_LOCK, PostgresMous
from services.gateway.entries.list_sharing import SharingDecision


class PostgresSharingDecisions:
    """The table `list_sharing_decisions`."""

    def __init__(self, pool: asyncpg.Pool, mous: PostgresMous) -> None:
        self._pool, self._mous = pool, mous

    async def of_agency(self, agency_id: str) -> list[SharingDecision]:
        """The newest decision on each of the agency's lists."""
        rows = await self._pool.fetch(
            """
            SELECT DISTINCT ON (list_id) agency_id, list_id, allowed, decided_by, decided_at, statement
              FROM list_sharing_decisions WHERE agency_id = $1 ORDER BY list_id, decided_at DESC, id DESC
            """,
            agency_id,
        )
        return [SharingDecision(**{**row, "decided_by": msgspec.convert(row["decided_by"], Actor)}) for row in rows]

    async def add(self, decision: SharingDecision) -> None:
        """Keeps a decision, and tells the matcher of the agreements that share the list, or share it no more."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", GRANTS_LOCK)
            await connection.execute(
                """
                INSERT INTO list_sharing_decisions (agency_id, list_id, allowed, decided_by, decided_at, statement)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                *(decision.agency_id, decision.list_id, decision.allowed, msgspec.to_builtins(decision.decided_by)),
                *(decision.decided_at, decision.statement),
            )
            await self._mous.tell_of_list(connection, decision.agency_id, decision.list_id, decision.decided_at)
