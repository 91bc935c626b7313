"""Hits in PostgreSQL: few beside the reads, so a row at a time in one round trip."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from plateward.contracts.event import encode
from plateward.contracts.hits import HitRaised
from services.retention.adapters.refusals import understood

_INSERT = """
INSERT INTO retention.hits (
    id, raised_at, read_id, entry_id, entry_agency_id, camera_agency_id, agencies, document, expires_on
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9)
ON CONFLICT (id, expires_on) DO NOTHING
RETURNING id
"""


class HitStore:
    """The table `retention.hits`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, batch: Sequence[HitRaised]) -> int:
        """Adds those that are not there yet, all or none, and returns how many; raises DayGone, Unstorable."""
        rows = [_row(hit) for hit in sorted(batch, key=lambda hit: hit.id)]
        with understood():
            return len(await self._pool.fetchmany(_INSERT, rows))


def _row(hit: HitRaised) -> tuple[Any, ...]:
    return (
        hit.id,
        hit.raised_at,
        hit.read.id,
        hit.entry.id,
        hit.entry.agency_id,
        hit.read.agency_id,
        list(hit.agencies),
        encode(hit).decode(),
        hit.read.expires_on,
    )
