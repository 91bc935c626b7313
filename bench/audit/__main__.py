"""`make bench-audit`: ten million records into the access log, on a PostgreSQL that writes to the disk as it should."""

import argparse
import asyncio
import json
import os
import shutil
from pathlib import Path

from pydantic import SecretStr

from bench.audit.measuring import Appending, Bench
from bench.audit.processors import cpu_seconds
from plateward.embedded.postgres import EmbeddedPostgres
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas

FOLDER = Path(".plateward/bench-audit")
TOLD_EVERY = 500_000

AS_DEPLOYED = {"shared_buffers": "1GB", "max_wal_size": "8GB"}
"""What deploy/k8s/base/database.yaml gives PostgreSQL; its defaults are those of a machine of long ago."""


async def measure(records: int, batch: int) -> dict[str, object]:
    async with EmbeddedPostgres(FOLDER, fsync=True, parameters=AS_DEPLOYED, tell=print) as postgres:
        await migrate(postgres.dsn, service_schemas({}))
        async with database_pool(DatabaseSettings(dsn=SecretStr(postgres.dsn)), schema="audit") as pool:
            bench = Bench(pool)
            database_before = cpu_seconds(postgres.pid)
            async for appending in bench.fill(records, batch):
                if appending.records % TOLD_EVERY < batch:
                    tell(appending)
            database_seconds = cpu_seconds(postgres.pid) - database_before
            stored = await pool.fetchval("SELECT pg_total_relation_size('audit.records')")
            proving = await bench.prove(records)
    return {
        "append_per_s": round(appending.per_second),
        "records": appending.records,
        "proof_bytes": proving.proof_bytes,
        "prove_ms": round(proving.prove_ms, 2),
        "verify_ms": round(proving.verify_ms, 3),
        "prove_ms_p99": round(proving.prove_ms_p99, 2),
        "checkpoint_ms_max": round(max(appending.checkpoint_ms), 1),
        "cpu_us_per_record": round(1e6 * appending.cpu_seconds / appending.records, 1),
        "database_cpu_us_per_record": round(1e6 * database_seconds / appending.records, 1),
        "record_bytes": round(appending.record_bytes / appending.records),
        "stored_bytes_per_record": round(stored / appending.records),
        "batch": batch,
        "load": round(os.getloadavg()[0], 1),
    }


def tell(appending: Appending) -> None:
    print(
        f"{appending.records:>11,} records, {appending.per_second:,.0f} a second, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--records", type=int, default=10_000_000)
    options.add_argument("--batch", type=int, default=5000)
    given = options.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        figures = asyncio.run(measure(given.records, given.batch))
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
