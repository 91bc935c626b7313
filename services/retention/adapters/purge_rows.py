"""Deleting a day's rows from PostgreSQL, without ever keeping a search waiting."""

import re
from collections.abc import Mapping
from datetime import date

import asyncpg

from services.retention.partitions import Table, partition_name

OWNERS: Mapping[str, str] = {"reads": "agency_id", "hits": "camera_agency_id"}
"""The column that says whose a row is. Other tables only say more of these, and are not counted again."""

_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'retention'::regnamespace AND relkind = 'r'"

_ATTACHED = "SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass($1)"

_PENDING = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhdetachpending AND inhparent = to_regclass($1)"

_UNDONE = "SELECT count(*) FROM retention.purge_items WHERE day = $1 AND kind = $2 AND done_at IS NULL"

_DONE = """
UPDATE retention.purge_items SET done_at = now() WHERE day = $1 AND kind = $2 AND done_at IS NULL RETURNING count
"""


class RowsRemoval:
    """The partitions of a table, as a purge deletes them."""

    def __init__(self, pool: asyncpg.Pool, table: Table) -> None:
        self._pool, self._table, self.kind = pool, table, str(table)
        self._day = re.compile(rf"{table}_(\d{{4}})(\d{{2}})(\d{{2}})")

    async def days(self, until: date) -> set[date]:
        """The days up to this one that have a partition, attached or no longer."""
        names = [name for (name,) in await self._pool.fetch(_TABLES)]
        found = [date(*map(int, match.groups())) for name in names if (match := self._day.fullmatch(name))]
        return {day for day in found if day <= until}

    async def remove(self, day: date) -> int:
        """Detaches the day's partition, so that searches go on, and drops it; returns its number of rows."""
        await self.detach(day)
        await self.note(day)
        return await self.drop(day)

    async def detach(self, day: date) -> None:
        """Returns once no search sees the partition any more; does nothing where it is not attached."""
        # A detaching that was cut short comes first: while one is pending, its parent allows no other.
        for (pending,) in await self._pool.fetch(_PENDING, f"retention.{self._table}"):
            await self._pool.execute(f"ALTER TABLE retention.{self._table} DETACH PARTITION {pending} FINALIZE")
        partition = self._partition(day)
        if await self._pool.fetchval(_ATTACHED, partition) is not None:
            await self._pool.execute(f"ALTER TABLE retention.{self._table} DETACH PARTITION {partition} CONCURRENTLY")

    async def note(self, day: date) -> None:
        """Notes what the detached partition holds, by agency, unless that has been noted before."""
        partition, owner = self._partition(day), OWNERS.get(self._table)
        async with self._pool.acquire() as connection, connection.transaction():
            there = await connection.fetchval("SELECT to_regclass($1)", partition) is not None
            if owner is None or not there or await connection.fetchval(_UNDONE, day, self.kind):
                return
            await connection.execute("SET LOCAL work_mem = '64MB'")
            await connection.execute(
                f"""
                INSERT INTO retention.purge_items (day, agency_id, kind, place, count, sha256)
                SELECT $1, {owner}, $2, $3, count(*), sha256(string_agg(uuid_send(id), ''::bytea ORDER BY id))
                  FROM {partition} GROUP BY {owner}
                """,  # noqa: S608
                *(day, self.kind, partition),
            )

    async def drop(self, day: date) -> int:
        """Drops the detached partition and marks what was noted as done, in one transaction."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(f"DROP TABLE IF EXISTS {self._partition(day)}")
            done = await connection.fetch(_DONE, day, self.kind)
        return sum(count for (count,) in done)

    def _partition(self, day: date) -> str:
        return f"retention.{partition_name(self._table, day)}"
