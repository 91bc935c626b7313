"""The watch over a log in PostgreSQL, run for as long as there is something to watch."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import asyncpg

from plateward.embedded.readiness import poll_until
from services.audit.adapters.watch_store import only_watcher
from services.audit.following import Following
from services.audit.watching.thresholds import Thresholds

PATIENCE_SECONDS = 30

_SEEN = "SELECT next_seq = (SELECT coalesce(max(seq) + 1, 0) FROM audit.records) FROM audit.watch_progress"


@asynccontextmanager
async def watcher(pool: asyncpg.Pool, thresholds: Thresholds | None = None) -> AsyncIterator[None]:
    """A process's watch over the log, until the end of the block."""
    following = Following(
        partial(only_watcher, pool), thresholds=thresholds or Thresholds(), remembered=timedelta(days=365)
    )
    stopping = asyncio.Event()
    watching = asyncio.create_task(following.run(stopping, every_seconds=0.02, beat=lambda: None))
    try:
        yield
    finally:
        stopping.set()
        await watching


async def all_watched(pool: asyncpg.Pool) -> None:
    """Returns once somebody has watched the whole log."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(lambda: pool.fetchval(_SEEN))


async def watched(pool: asyncpg.Pool, thresholds: Thresholds | None = None) -> None:
    """One watcher from its start until it has watched the whole log."""
    async with watcher(pool, thresholds):
        await all_watched(pool)
