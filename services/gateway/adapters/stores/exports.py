"""Exports in PostgreSQL, until they expire."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.access import Reason
from services.gateway.searching.exports import Export


class PostgresExports:
    """The table `exports`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keep(self, export: Export) -> None:
        """Keeps one until it expires."""
        await self._pool.execute(
            """
            INSERT INTO exports (id, access_id, search_id, person_id, made_at, expires_at, name, media_type, reads,
                                 reason, owners, content)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            *(export.id, export.access_id, export.search_id, export.person_id, export.made_at, export.expires_at),
            *(export.name, export.media_type, export.reads, msgspec.to_builtins(export.reason)),
            *(list(export.owners), export.content),
        )

    async def one(self, export_id: uuid.UUID, at: datetime) -> Export | None:
        """One that has not expired."""
        row = await self._pool.fetchrow("SELECT * FROM exports WHERE id = $1 AND expires_at > $2", export_id, at)
        if row is None:
            return None
        kept = dict(row) | {"reason": msgspec.convert(row["reason"], Reason), "owners": tuple(row["owners"])}
        return Export(**kept)

    async def forget(self, at: datetime) -> None:
        """Deletes those whose time is over."""
        await self._pool.execute("DELETE FROM exports WHERE expires_at <= $1", at)
