"""Self-checks in PostgreSQL, and the outbox that carries their entries and their beginning."""

import uuid
from datetime import datetime

import asyncpg

from plateward.contracts.hits import HitRaised
from plateward.contracts.lists import list_key
from plateward.contracts.self_checks import SELF_CHECK_LIST, SelfCheckAsked
from plateward.contracts.topics import HOT_LIST, HOT_LISTS, SELF_CHECKS
from services.gateway.adapters.outgoing import send
from services.gateway.health.self_checks import SelfCheck, check_entry, check_list

CHECKER_LOCK = 0x53454C46
"""The advisory lock of whoever asks for a check."""


class PostgresSelfChecks:
    """The tables `self_checks` and `outbox`, changed together or not at all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def newest(self, agency_id: str) -> SelfCheck | None:
        """The agency's last check."""
        row = await self._pool.fetchrow(
            "SELECT * FROM self_checks WHERE agency_id = $1 ORDER BY asked_at DESC LIMIT 1", agency_id
        )
        return None if row is None else SelfCheck(**dict(row))

    async def ask(self, agency_id: str, at: datetime, unless_since: datetime) -> None:
        """Begins a check now, and takes the entries of earlier ones off the list; none where one was asked since."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", CHECKER_LOCK)
            earlier = await connection.fetch(
                "SELECT id, asked_at FROM self_checks WHERE agency_id = $1 ORDER BY asked_at DESC", agency_id
            )
            if earlier and earlier[0]["asked_at"] > unless_since:
                return
            await connection.execute("DELETE FROM self_checks WHERE agency_id = $1", agency_id)
            for row in earlier:
                await send(connection, HOT_LIST, str(row["id"]), None, uuid.uuid4(), at)
            check = SelfCheck(uuid.uuid4(), agency_id, at)
            await connection.execute(
                "INSERT INTO self_checks (id, agency_id, asked_at) VALUES ($1, $2, $3)", check.id, agency_id, at
            )
            key = list_key(agency_id, SELF_CHECK_LIST)
            await send(connection, HOT_LISTS, key, check_list(agency_id, at), uuid.uuid4(), at)
            await send(connection, HOT_LIST, str(check.id), check_entry(check), check.id, at)
            asked = SelfCheckAsked(id=check.id, agency_id=agency_id, at=at)
            await send(connection, SELF_CHECKS, agency_id, asked, check.id, at)

    async def note(self, hits: list[HitRaised], at: datetime) -> None:
        """Notes when the hit of a check came; the first time holds."""
        await self._pool.executemany(
            "UPDATE self_checks SET hit_at = $2 WHERE id = $1 AND hit_at IS NULL", [(hit.entry.id, at) for hit in hits]
        )
