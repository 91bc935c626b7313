"""Drops a day of millions of reads as the purge does, and deletes the same rows as one would without partitions."""

import json
import os
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import uvloop

from bench.purge.searching import Searching
from plateward.embedded.postgres import EmbeddedPostgres
from plateward.kernel.migrations import migrate
from plateward.kernel.service_schemas import service_schemas
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.purge_rows import RowsRemoval

ROWS = int(os.environ.get("ROWS", "5000000"))
LIVE_ROWS = ROWS // 10
SEARCHES = 400

TODAY = datetime.now(UTC).date()
DROPPED, DELETED, LIVE = (TODAY + timedelta(days=days) for days in (0, -1, 20))

FILL = """
INSERT INTO {table} (id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, captured_at, plate,
                     match_key, confidence, source, plate_image, scene_image, document, expires_on)
SELECT md5(n::text)::uuid, md5('f' || n)::uuid, (ARRAY['flagstaff', 'florence', 'kentucky'])[n % 3 + 1],
       'camera-' || n % 200, 'Route 66 at Fanning', 35.2, -111.6,
       now() - interval '30 days' + n * interval '86400 seconds' / {rows}, plate, plate, 0.9, 'recognizer',
       '{day}/agency/' || n || '/plate.jpg', '{day}/agency/' || n || '/scene.jpg', '{{}}', '{day}'
FROM (SELECT n, translate(upper(substr(md5((n % 2000000)::text), 1, 7)), 'BDOIQSZ', '8001052') AS plate
        FROM generate_series(1, {rows}) n) AS numbered
"""


async def fill(pool: asyncpg.Pool, day: date, rows: int) -> None:
    """A partition of this day, filled first and indexed then, and attached."""
    table = f"retention.reads_{day:%Y%m%d}"
    await pool.execute(f"CREATE TABLE {table} (LIKE retention.reads INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    await pool.execute(FILL.format(table=table, rows=rows, day=day.isoformat()))
    await pool.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id, expires_on)")
    await pool.execute(f"ALTER TABLE retention.reads ATTACH PARTITION {table} FOR VALUES IN ('{day.isoformat()}')")
    await pool.execute(f"ANALYZE {table}")


async def measure(dsn: str) -> dict[str, object]:
    """All figures, in milliseconds."""
    await migrate(dsn, service_schemas({}))
    async with asyncpg.create_pool(dsn, min_size=1, max_size=4, command_timeout=3600) as pool:
        await PartitionStore(pool).ensure("hits", [LIVE])
        for day, rows in ((DROPPED, ROWS), (DELETED, ROWS), (LIVE, LIVE_ROWS)):
            started = time.perf_counter()
            await fill(pool, day, rows)
            print(f"{rows} reads of {day}: made in {time.perf_counter() - started:.0f} s", flush=True)
        await pool.execute("CHECKPOINT")
        async with Searching(dsn, LIVE, LIVE_ROWS) as searching:
            quiet = await searching.p95_of(SEARCHES)
            removal, steps = RowsRemoval(pool, "reads"), []
            async with searching.meanwhile() as during:
                for step in (removal.detach, removal.note, removal.drop):
                    started = time.perf_counter()
                    await step(DROPPED)
                    steps.append((time.perf_counter() - started) * 1000)
            async with searching.meanwhile() as while_deleting:
                started = time.perf_counter()
                await pool.execute("DELETE FROM retention.reads WHERE expires_on = $1", DELETED)
                delete_ms = (time.perf_counter() - started) * 1000
        detach_ms, note_ms, drop_ms = steps
        print(f"detached in {detach_ms:.0f} ms, dropped in {drop_ms:.0f} ms; in between, for the certificate, counted")
        print(f'by agency and hashed in {note_ms:.0f} ms; "during" is the time of all three')
        print(f"searches while deleting, p95: {while_deleting.p95_ms():.1f} ms, {while_deleting.count} of them")
        print(f"searches during the purge: {during.count}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        return {
            "rows": ROWS,
            "drop_ms": round(detach_ms + drop_ms),
            "delete_ms": round(delete_ms),
            "search_p95_ms": {"quiet": round(quiet, 1), "during": round(during.p95_ms(), 1)},
        }


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="plateward-bench-") as name:
        Path(name).chmod(0o711)  # noqa: ASYNC240
        async with EmbeddedPostgres(Path(name) / "postgres", tell=lambda _: None) as server:
            figures = await measure(server.dsn)
    print(json.dumps(figures, separators=(",", ":")))


if __name__ == "__main__":
    uvloop.run(main())
