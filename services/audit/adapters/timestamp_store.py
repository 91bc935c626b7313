"""The tokens of checkpoints, and whether they can be had, in PostgreSQL."""

from datetime import datetime

import asyncpg

from plateward.tlog.notes import Signature, SignedNote, parse_note

_TO_STAMP = """
SELECT note FROM audit.checkpoints c WHERE size = (SELECT max(size) FROM audit.checkpoints)
   AND NOT EXISTS (SELECT FROM audit.timestamps WHERE size = c.size AND authority = $1)
"""
_ALL_IS_WELL = """
INSERT INTO audit.timestamping (authority, stamped_at) VALUES ($1, $2)
ON CONFLICT (the_one) DO UPDATE
   SET authority = excluded.authority, stamped_at = excluded.stamped_at, problem = NULL, failing_since = NULL
"""
_PROBLEM = """
INSERT INTO audit.timestamping (authority, problem, failing_since) VALUES ($1, $2, $3)
ON CONFLICT (the_one) DO UPDATE
   SET authority = excluded.authority, problem = excluded.problem,
       failing_since = coalesce(timestamping.failing_since, excluded.failing_since)
"""


class TimestampStore:
    """The tables `timestamps` and `timestamping`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def to_stamp(self, authority: str) -> SignedNote | None:
        """The newest checkpoint, unless it has this authority's token."""
        note: str | None = await self._pool.fetchval(_TO_STAMP, authority)
        return parse_note(note) if note else None

    async def keep_token(self, size: int, token: Signature, stamped_at: datetime) -> None:
        """Keeps a token of the checkpoint of this size, and that all is well."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO audit.timestamps (size, authority, line) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                *(size, token.name, token.line()),
            )
            await connection.execute(_ALL_IS_WELL, token.name, stamped_at)

    async def note_problem(self, authority: str, problem: str, at: datetime) -> None:
        """Keeps what is wrong, and since when."""
        await self._pool.execute(_PROBLEM, authority, problem, at)

    async def no_authority(self) -> None:
        """Forgets how it was with an authority, where none is asked any more; its tokens stay."""
        await self._pool.execute("DELETE FROM audit.timestamping")
