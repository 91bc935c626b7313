"""Hits in PostgreSQL: few beside the reads, so a row at a time in one round trip."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
import msgspec

from plateward.contracts.event import encode
from plateward.contracts.hits import HitRaised
from plateward.matching.sightings import merged
from services.retention.adapters.refusals import understood

_KNOWN = "SELECT id, document FROM retention.hits WHERE id = ANY($1::uuid[]) FOR UPDATE"

_PUT = """
INSERT INTO retention.hits (
    id, raised_at, read_id, entry_id, entry_agency_id, camera_agency_id, agencies, document, expires_on
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9)
ON CONFLICT (id, expires_on) DO UPDATE
   SET raised_at = EXCLUDED.raised_at, agencies = EXCLUDED.agencies, document = EXCLUDED.document
RETURNING id
"""


class HitStore:
    """The table `retention.hits`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, batch: Sequence[HitRaised]) -> int:
        """Adds those that are not there yet, and what is new of others, all or none; returns how many.

        Raises DayGone, Unstorable.
        """
        hits = _merged(batch)
        with understood():
            async with self._pool.acquire() as connection, connection.transaction():
                known = {row["id"]: row["document"] for row in await connection.fetch(_KNOWN, sorted(hits))}
                before = {one: msgspec.convert(document, HitRaised) for one, document in known.items()}
                after = _merged([*before.values(), *hits.values()])
                changed = [after[one] for one in sorted(hits) if after[one] != before.get(one)]
                return len(await connection.fetchmany(_PUT, [_row(hit) for hit in changed])) if changed else 0


def _merged(hits: Iterable[HitRaised]) -> dict[uuid.UUID, HitRaised]:
    """A hit is told again with each sighting: all records of an id as one."""
    together: dict[uuid.UUID, HitRaised] = {}
    for hit in hits:
        together[hit.id] = merged(together[hit.id], hit) if hit.id in together else hit
    return together


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
