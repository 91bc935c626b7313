"""Times of questions: by the clock, and of PostgreSQL's process alone, which other programs do not disturb."""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import duckdb

from bench.search.questions import COLUMNS, Asked, as_duckdb
from services.gateway.adapters.stores.read_finder import FIND, arguments
from services.gateway.searching.found import RESULTS_MAX
from services.gateway.searching.scopes import whole


@dataclass(frozen=True, slots=True)
class Times:
    """By the clock and of the processor, in milliseconds, and how many reads were found in all."""

    wall_ms: list[float]
    cpu_ms: list[float]
    reads: int

    def figures(self) -> dict[str, float]:
        """The middle and the 95th of a hundred, by the clock."""
        return {"p50": quantile(self.wall_ms, 0.5), "p95": quantile(self.wall_ms, 0.95)}


def quantile(values: Iterable[float], share: float) -> float:
    """The value that this share of them does not exceed, to a hundredth of a millisecond."""
    ranked = sorted(values)
    return round(ranked[max(0, math.ceil(share * len(ranked)) - 1)], 2)


async def time_postgres(pool: asyncpg.Pool, asked: list[Asked], owners: tuple[str, ...]) -> Times:
    """Each question once, one after the other, as the gateway's role asks it."""
    wall, cpu, reads = [], [], 0
    async with pool.acquire() as connection:
        process = connection.get_server_pid()
        for one in asked:
            values = arguments(one.question, one.places, whole(owners), None, RESULTS_MAX + 1)
            on_cpu, begun = _on_cpu_ms(process), time.perf_counter()
            reads += len(await connection.fetch(FIND, *values))
            wall.append((time.perf_counter() - begun) * 1000)
            cpu.append(_on_cpu_ms(process) - on_cpu)
    return Times(wall, cpu, reads)


def time_duckdb(
    connection: duckdb.DuckDBPyConnection, parquet: Path, asked: list[Asked], owners: tuple[str, ...]
) -> Times:
    """The same questions to DuckDB, scanning the same reads on one thread."""
    wall, cpu, reads = [], [], 0
    for one in asked:
        statement = as_duckdb(one, owners, COLUMNS, str(parquet), RESULTS_MAX + 1)
        on_cpu, begun = time.process_time(), time.perf_counter()
        reads += len(connection.execute(statement).fetchall())
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - on_cpu) * 1000)
    return Times(wall, cpu, reads)


def _on_cpu_ms(process: int) -> float:
    """What the process has had of a processor so far (Linux)."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e6
