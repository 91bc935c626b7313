"""The month in PostgreSQL: each day's partition filled by COPY, then indexed, then attached, as a restore would."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import asyncpg

from bench.search.reads import COLUMNS
from services.retention.adapters.partition_store import PartitionStore
from services.retention.partitions import partition_name

Tell = Callable[[str], None]

INDEXES = (
    "(match_key, captured_at)",
    "(captured_at)",
    "(camera_id, captured_at)",
    "USING gin (retention.plate_grams(match_key))",
)
"""Those of the parent, made before the attaching, which adopts them: two days can be filled at once."""

# A filled partition is noted as its rows would have been, had they come one by one.
NOTE_TERMS = """
INSERT INTO retention.kept_terms AS known (agency_id, days, last_expires_on)
SELECT agency_id, expires_on - (captured_at AT TIME ZONE 'UTC')::date, max(expires_on) FROM {partition} GROUP BY 1, 2
ON CONFLICT (agency_id, days) DO UPDATE SET last_expires_on = greatest(known.last_expires_on, excluded.last_expires_on)
"""


async def fill(pool: asyncpg.Pool, folder: Path, tell: Tell) -> int:
    """Loads every day below `days/`, two at a time, deleting their files; returns the number of reads."""
    waiting = sorted((folder / "days").iterdir(), reverse=True)
    days, reads = len(waiting), 0

    async def work() -> None:
        nonlocal reads
        while waiting:
            one = waiting.pop()
            day = date.fromisoformat(one.name.removeprefix("expires_on="))
            count = await _fill_day(pool, day, sorted(one.iterdir()))
            reads += count
            if len(waiting) % 20 == 0:
                tell(f"{days - len(waiting)} of {days} days of expiry, {reads / 1e6:.1f} million reads")

    async with asyncio.TaskGroup() as workers:
        for _ in range(2):
            workers.create_task(work())
    return reads


async def _fill_day(pool: asyncpg.Pool, day: date, files: list[Path]) -> int:
    partition = partition_name("reads", day)
    async with pool.acquire() as connection:
        # Unlogged: what is measured is reading, and the month is thrown away.
        await connection.execute(
            f"CREATE UNLOGGED TABLE retention.{partition}"
            " (LIKE retention.reads INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        )
        for file in files:
            await connection.copy_to_table(
                partition, schema_name="retention", source=file, columns=COLUMNS.split(", "), format="csv"
            )
            file.unlink()
        await connection.execute("SET maintenance_work_mem = '256MB'")
        for index in INDEXES:
            await connection.execute(f"CREATE INDEX ON retention.{partition} {index}")
        await connection.execute(f"ALTER TABLE retention.{partition} ADD PRIMARY KEY (id, expires_on)")
        await connection.execute(
            f"ALTER TABLE retention.reads ATTACH PARTITION retention.{partition} FOR VALUES IN ('{day}')"
        )
        await connection.execute(f"VACUUM (ANALYZE) retention.{partition}")
        await connection.execute(NOTE_TERMS.format(partition=f"retention.{partition}"))
        count: int = await connection.fetchval(f"SELECT count(*) FROM retention.{partition}")
    await PartitionStore(pool).ensure("read_documents", [day])
    return count
