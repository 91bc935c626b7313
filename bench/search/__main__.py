"""Measures searching: `make bench-search`. The last line it prints is JSON."""

import argparse
import asyncio
import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from pydantic import SecretStr

from bench.search.accounting import AGENCY, price_of_accounting, programs_of
from bench.search.agreed import put_on_file
from bench.search.filling import fill
from bench.search.measuring import Times, quantile, time_duckdb, time_postgres
from bench.search.questions import Asked, questions
from bench.search.reads import DAYS, connected, make_reads
from plateward.embedded.processes import ProcessGroup
from plateward.embedded.services import OneMachine
from plateward.embedded.stack import Stack
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import KafkaSettings
from services.retention.adapters.partition_store import PartitionStore

ARTEFACTS = Path(".plateward/kafka").resolve()
OWNERS = ("flagstaff", "barstow", "stockton")
"""Three agencies of the five, which keep reads for 30, 365 and 730 days: a question asks the partitions of all."""

EACH, EACH_DUCKDB, EACH_GATED = 100, 3, 20
STARTED = time.monotonic()


def main() -> None:
    """Fill a month of reads, ask, and say how long it took."""
    arguments = argparse.ArgumentParser(prog="python -m bench.search", description=main.__doc__)
    arguments.add_argument("--reads", type=lambda text: int(float(text)), default=20_000_000, help="how many reads")
    arguments.add_argument(
        "--days",
        type=int,
        default=DAYS,
        help="how many days are asked for; those beyond the month are empty partitions",
    )
    arguments.add_argument("--folder", type=Path, help="keep the month here, and use it again when it is filled")
    given = arguments.parse_args()
    if given.folder is not None:
        given.folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(measure(given.folder.resolve(), given.reads, given.days))
        return
    folder = Path(tempfile.mkdtemp(prefix="plateward-bench-"))
    try:
        asyncio.run(measure(folder, given.reads, given.days))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def measure(folder: Path, number: int, days: int) -> None:
    """Fills the folder unless it is filled, measures, prints."""
    async with Stack(folder, artefacts=ARTEFACTS, fsync=False, tell=tell) as stack:
        machine = OneMachine(folder, stack.bootstrap_servers, stack.postgres_dsn)
        machine.make_keys()
        await migrate(machine.administrator_dsn, service_schemas(machine.passwords))
        await prepare_topics(KafkaSettings(bootstrap_servers=machine.kafka))
        until = await _filled(folder, number, machine)
        if days > DAYS:
            async with _pool(machine, "retention", 1) as pool:
                await PartitionStore(pool).ensure(
                    "reads", (until.date() + timedelta(days=day) for day in range(days + 2))
                )
        reads, asked = _asked(folder, until, days)
        async with _pool(machine, "gateway", 1) as pool:
            await put_on_file(pool, machine, folder / "reads.parquet", AGENCY, OWNERS, datetime.now(UTC))
            postgres = {kind: await _warm(pool, some) for kind, some in asked.items()}
            beside = _beside(folder, asked)
            for kind in asked:
                _tell(kind, postgres[kind], beside[kind])
            async with ProcessGroup(
                programs_of(machine), report=lambda event: tell(str(event)), supervise=False
            ) as processes:
                await processes.start_all()
                parts = [some for kind, all_ in asked.items() if kind != "canvass" for some in all_[:EACH_GATED]]
                own = await price_of_accounting(machine, pool, parts, (AGENCY,))
                price = await price_of_accounting(machine, pool, parts, OWNERS)
    for whose, one in (("own agency alone", own), ("three agencies", price)):
        tell(f"a gated search of {whose} takes {one.ratio} of its bare SQL, beyond an empty request: {one}")
    tell(f"load {os.getloadavg()[0]:.1f}")
    result: dict[str, Any] = {
        "reads": reads,
        "ms": {kind: times.figures() for kind, times in postgres.items()},
        "duckdb_ms": {kind: times.figures() for kind, times in beside.items()},
        "accountability": {
            "bare_ms": price.bare_ms,
            "gated_ms": price.gated_ms,
            "empty_http_ms": price.empty_http_ms,
        },
    }
    print(json.dumps(result, separators=(",", ":")))


async def _filled(folder: Path, number: int, machine: OneMachine) -> datetime:
    """Until when the month of the folder lasts; fills it where it is empty."""
    mark = folder / "filled"
    async with _pool(machine, "retention", 1) as pool:
        # A server that was killed has emptied the unlogged partitions.
        is_empty = not await pool.fetchval("SELECT EXISTS (SELECT FROM reads)")
    if is_empty:
        until = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        tell(f"making {number} reads of {DAYS} days …")
        await asyncio.to_thread(make_reads, folder, number, until)
        tell("made; filling PostgreSQL …")
        async with _pool(machine, "retention", 4) as pool:
            await fill(pool, folder, tell)
        mark.write_text(until.isoformat())
    return datetime.fromisoformat(mark.read_text())


def _asked(folder: Path, until: datetime, days: int) -> tuple[int, dict[str, list[Asked]]]:
    parquet = folder / "reads.parquet"
    duckdb = connected(folder)
    [(reads,)] = duckdb.execute(f"SELECT count(*) FROM '{parquet}'").fetchall()
    sample = f"SELECT plate FROM '{parquet}' USING SAMPLE reservoir (2000 ROWS) REPEATABLE (7)"
    plates = [plate for (plate,) in duckdb.execute(sample).fetchall()]
    cameras = duckdb.execute(f"SELECT DISTINCT camera_id, latitude, longitude FROM '{parquet}' ORDER BY 1").fetchall()
    return reads, questions(plates, cameras, until - timedelta(days=days), until, EACH)


async def _warm(pool: asyncpg.Pool, asked: list[Asked]) -> Times:
    """The second time that the questions are asked: what a console's second search of a day takes."""
    await time_postgres(pool, asked, OWNERS)
    return await time_postgres(pool, asked, OWNERS)


def _beside(folder: Path, asked: dict[str, list[Asked]]) -> dict[str, Times]:
    duckdb, parquet = connected(folder), folder / "reads.parquet"
    for some in asked.values():
        time_duckdb(duckdb, parquet, some[:1], OWNERS)
    return {kind: time_duckdb(duckdb, parquet, some[:EACH_DUCKDB], OWNERS) for kind, some in asked.items()}


def _pool(machine: OneMachine, service: str, connections: int) -> Any:
    settings = DatabaseSettings(dsn=SecretStr(machine.dsn(service)), connections=connections)
    return database_pool(settings, schema=service, reset=False)  # as the gateway's own


def _tell(kind: str, postgres: Times, duckdb: Times) -> None:
    figures, processor = postgres.figures(), [quantile(postgres.cpu_ms, share) for share in (0.5, 0.95)]
    tell(
        f"{kind:9} p50 {figures['p50']:7.1f} ms, p95 {figures['p95']:7.1f} ms by the clock;"
        f" of the processor {processor[0]:6.1f} and {processor[1]:6.1f}; {postgres.reads} reads found;"
        f" DuckDB p50 {duckdb.figures()['p50']:7.1f}; load {os.getloadavg()[0]:.1f}"
    )


def tell(step: str) -> None:
    """Says a step, with the seconds since the start."""
    with suppress(BrokenPipeError):
        print(f"{time.monotonic() - STARTED:7.1f} s  {step}", flush=True)


if __name__ == "__main__":
    main()
