"""Deleting evidence on the day on which its own schedule ends."""

from datetime import date

import asyncpg


class EvidenceRemoval:
    """The rows of `retention.evidence`, as a purge deletes them; their images and keys go as all others do."""

    kind = "evidence"

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def days(self, until: date) -> set[date]:
        """The days up to this one on which evidence ended that is still there."""
        rows = await self._pool.fetch("SELECT DISTINCT ends_on FROM retention.evidence WHERE ends_on <= $1", until)
        return {day for (day,) in rows}

    async def remove(self, day: date) -> int:
        """Deletes what ends on this day and notes it, in one transaction."""
        async with self._pool.acquire() as connection, connection.transaction():
            noted = await connection.fetch(
                """
                INSERT INTO retention.purge_items (day, agency_id, kind, place, count, sha256, done_at)
                SELECT $1, h.agency_id, 'evidence', h.id::text, count(*),
                       sha256(string_agg(uuid_send(e.id), ''::bytea ORDER BY e.id)), now()
                  FROM retention.evidence e JOIN retention.holds h ON h.id = e.hold_id
                 WHERE e.ends_on = $1 GROUP BY h.agency_id, h.id
                RETURNING count
                """,
                day,
            )
            await connection.execute("DELETE FROM retention.evidence WHERE ends_on = $1", day)
        return sum(count for (count,) in noted)
