"""How the parts behind the gateway are, as their owners let it read, in PostgreSQL."""

from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.lists import HotList
from services.gateway.health.lights import LogState


class PostgresLineState:
    """The own lists, and the views `retention.last_purge` and `audit.log_state`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def lists(self, agency_id: str) -> list[tuple[HotList, bool]]:
        """The agency's lists, each with whether it has fallen silent."""
        rows = await self._pool.fetch(
            """
            SELECT v.document, coalesce(a.silent, false) AS silent
              FROM hot_list_versions v LEFT JOIN list_alarms a USING (agency_id, list_id)
             WHERE v.agency_id = $1 AND v.until_at IS NULL ORDER BY v.list_id
            """,
            agency_id,
        )
        return [(msgspec.convert(row["document"], HotList), row["silent"]) for row in rows]

    async def last_purge(self) -> tuple[datetime | None, bool]:
        """When a purge last looked through all days, and whether no day is overdue."""
        row = await self._pool.fetchrow("SELECT reached_at, is_current FROM retention.last_purge")
        assert row is not None
        return row["reached_at"], row["is_current"]

    async def log(self) -> LogState:
        """How the access log is."""
        row = await self._pool.fetchrow(
            "SELECT records, signed_at, unsigned_since, unwatched_since, authority, stamped_at, unstamped_since"
            " FROM audit.log_state"
        )
        assert row is not None
        return LogState(**dict(row))
