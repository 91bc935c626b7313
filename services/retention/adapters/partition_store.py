"""Making partitions, without ever keeping a search or an insert waiting."""

from collections.abc import Iterable, Mapping
from datetime import date

import asyncpg

from services.retention.partitions import DayGone, Table, partition_name

MAKER_LOCK = 0x5054494F
"""The advisory lock of whoever makes partitions."""

KEPT_BESIDE: Mapping[Table, tuple[Table, ...]] = {"reads": ("read_documents",)}
"""What each insert into a table also writes."""

_ATTACHED = """
SELECT relname
FROM pg_class
JOIN pg_inherits ON inhrelid = pg_class.oid
WHERE relname = ANY($1::text[]) AND relnamespace = 'retention'::regnamespace AND NOT inhdetachpending
"""


class PartitionStore:
    """The partitions of `retention.reads`, of its documents, and of `retention.hits`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def ensure(self, table: Table, days: Iterable[date]) -> None:
        """Makes those of these days that are missing; raises DayGone where one has been detached to be purged.

        With a partition of reads comes that of their documents.
        """
        wanted = frozenset(days)
        for one in (table, *KEPT_BESIDE.get(table, ())):
            for day in await self._missing(one, wanted):
                await self._make(one, day)

    async def _missing(self, table: Table, days: Iterable[date]) -> list[date]:
        names = {partition_name(table, day): day for day in days}
        attached = {name for (name,) in await self._pool.fetch(_ATTACHED, list(names))}
        return sorted(day for name, day in names.items() if name not in attached)

    async def _make(self, table: Table, day: date) -> None:
        """CREATE TABLE, then ATTACH: CREATE ... PARTITION OF would stand behind each running search, and all before it.

        The copied indexes become partitions of the parent's.
        """
        partition = f"retention.{partition_name(table, day)}"
        async with self._pool.acquire() as connection, connection.transaction(isolation="read_committed"):
            await connection.execute("SELECT pg_advisory_xact_lock($1)", MAKER_LOCK)
            if await connection.fetch(_ATTACHED, [partition_name(table, day)]):
                return
            try:
                await connection.execute(
                    f"CREATE TABLE {partition} (LIKE retention.{table}"
                    " INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)"
                )
            except asyncpg.DuplicateTableError as error:
                raise DayGone(day.isoformat()) from error
            await connection.execute(
                f"ALTER TABLE retention.{table} ATTACH PARTITION {partition} FOR VALUES IN ('{day.isoformat()}')"
            )
