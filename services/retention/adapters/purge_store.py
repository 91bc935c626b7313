"""Deleting days from PostgreSQL, without ever keeping a search waiting, and the account of what was deleted."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime

import asyncpg

from services.retention.partitions import TABLES, Table, partition_name
from services.retention.purge import Purged

PURGER_LOCK = 0x50555247
"""The advisory lock of whoever purges."""

_DAY = re.compile(r"(?:reads|read_documents|hits)_(\d{4})(\d{2})(\d{2})")

_ATTACHED = "SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass($1)"

_PENDING = """
SELECT inhparent::regclass::text AS parent, inhrelid::regclass::text AS partition
FROM pg_inherits
WHERE inhdetachpending AND inhparent = ANY ($1::text[]::regclass[])
"""


class PurgeStore:
    """The rows that a purge deletes, and the table `retention.purges`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Says whether it is our turn to purge."""
        async with self._pool.acquire() as connection:
            ours: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1)", PURGER_LOCK)
            try:
                yield ours
            finally:
                if ours:
                    await connection.execute("SELECT pg_advisory_unlock($1)", PURGER_LOCK)

    async def finish_detaching(self) -> None:
        """Ends a detaching that was cut short: while one is pending, its parent allows no other."""
        for row in await self._pool.fetch(_PENDING, [f"retention.{table}" for table in TABLES]):
            await self._pool.execute(f"ALTER TABLE {row['parent']} DETACH PARTITION {row['partition']} FINALIZE")

    async def due(self, today: date) -> list[date]:
        """The days up to `today` that have a partition, attached or no longer, or a purge that has not ended."""
        names = await self._pool.fetch("SELECT relname FROM pg_class WHERE relnamespace = 'retention'::regnamespace")
        left = {day for (name,) in names if (day := _day_of(name)) is not None}
        begun = {day for (day,) in await self._pool.fetch("SELECT day FROM retention.purges WHERE finished_at IS NULL")}
        return sorted(day for day in left | begun if day <= today)

    async def begin(self, day: date, at: datetime) -> None:
        """Writes down that the day's purge has begun, or begun again."""
        await self._pool.execute(
            "INSERT INTO retention.purges (day, started_at) VALUES ($1, $2)"
            " ON CONFLICT (day) DO UPDATE SET finished_at = NULL",
            day,
            at,
        )

    async def remove(self, table: Table, day: date) -> int:
        """Detaches the day's partition, so that searches go on, and drops it; returns its number of rows."""
        await self.detach(table, day)
        return await self.drop(table, day)

    async def detach(self, table: Table, day: date) -> None:
        """Returns once no search sees the partition any more; does nothing where it is not attached."""
        partition = f"retention.{partition_name(table, day)}"
        if await self._pool.fetchval(_ATTACHED, partition) is not None:
            await self._pool.execute(f"ALTER TABLE retention.{table} DETACH PARTITION {partition} CONCURRENTLY")

    async def drop(self, table: Table, day: date) -> int:
        """Counts and drops the detached partition, and notes the number, in one transaction; 0 where it is gone."""
        partition = f"retention.{partition_name(table, day)}"
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval("SELECT to_regclass($1)", partition) is None:
                return 0
            rows: int = await connection.fetchval(f"SELECT count(*) FROM {partition}")  # noqa: S608
            await connection.execute(f"UPDATE retention.purges SET {table} = {table} + $2 WHERE day = $1", day, rows)  # noqa: S608
            await connection.execute(f"DROP TABLE {partition}")
            return rows

    async def end(self, day: date, blobs: int, at: datetime) -> Purged:
        """Adds the blobs to the day's account and closes it."""
        row = await self._pool.fetchrow(
            "UPDATE retention.purges SET blobs = blobs + $2, finished_at = $3 WHERE day = $1"
            " RETURNING day, reads, hits, blobs",
            day,
            blobs,
            at,
        )
        return Purged(**dict(row))


def _day_of(partition: str) -> date | None:
    found = _DAY.fullmatch(partition)
    return None if found is None else date(int(found[1]), int(found[2]), int(found[3]))
