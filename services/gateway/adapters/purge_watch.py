"""Waiting for the purge: after a restore, what has expired goes before anybody is answered."""

import asyncio

import asyncpg
import structlog

log = structlog.get_logger("services.gateway")

LOOK_AGAIN_SECONDS = 2.0


async def until_purged(pool: asyncpg.Pool) -> None:
    """Returns once no day is left that was over a whole day ago, and a purge has run of late."""
    while not await pool.fetchval("SELECT retention.purge_is_current()"):
        log.warning("gateway.waits-for-purge")
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
