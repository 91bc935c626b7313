"""Searches by plate, one after the other, and how long they take."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Self

import asyncpg

SEARCH = """
SELECT id, plate, captured_at FROM retention.searchable_reads
WHERE match_key = $1 AND agency_id = ANY($2) AND captured_at > now() - interval '60 days'
ORDER BY captured_at DESC LIMIT 101
"""


@dataclass(slots=True)
class Times:
    """How long searches took, in milliseconds."""

    ms: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.ms)

    def p95_ms(self) -> float:
        return sorted(self.ms)[int(len(self.ms) * 0.95)] if self.ms else float("nan")


class Searching:
    """A console that searches."""

    def __init__(self, dsn: str, day: date, rows: int) -> None:
        self._dsn, self._day, self._rows, self._random = dsn, day, rows, Random(1)
        self._plates: list[str] = []

    async def __aenter__(self) -> Self:
        self._connection = await asyncpg.connect(self._dsn)
        plates = await self._connection.fetch(f"SELECT match_key FROM retention.reads_{self._day:%Y%m%d} LIMIT 2000")
        self._plates = [plate for (plate,) in plates]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()

    async def p95_of(self, searches: int) -> float:
        """Of so many searches, in milliseconds; those that warm up come before."""
        for _ in range(50):
            await self._search(Times())
        times = Times()
        for _ in range(searches):
            await self._search(times)
        return times.p95_ms()

    @asynccontextmanager
    async def meanwhile(self) -> AsyncIterator[Times]:
        """Searches for as long as the block lasts."""
        times, over = Times(), asyncio.Event()

        async def until_over() -> None:
            while not over.is_set():
                await self._search(times)

        searching = asyncio.create_task(until_over())
        try:
            yield times
        finally:
            over.set()
            await searching

    async def _search(self, times: Times) -> None:
        started = time.perf_counter()
        await self._connection.fetch(SEARCH, self._random.choice(self._plates), ["flagstaff", "florence"])
        times.ms.append((time.perf_counter() - started) * 1000)
