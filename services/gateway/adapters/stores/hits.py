"""The feed of hits in PostgreSQL."""

import uuid
from datetime import datetime

import asyncpg

from plateward.contracts.event import decode, encode
from plateward.contracts.hits import HitRaised
from plateward.contracts.lists import list_key
from plateward.matching.sightings import merged
from services.gateway.eyes import Eyes
from services.gateway.hits import FEED_LASTS, NOBODY, SeenHit

FEED_LOCK = 0x48495453
"""Who holds it adds hits: so no hit is ever seen before one with a smaller number."""

FEED_CHANNEL = "plateward_hits"
"""Where every gateway process hears that the feed has grown."""

SEEN_BY = """
agencies @> ARRAY[$1] AND expires_on > (now() AT TIME ZONE 'UTC')::date
AND (for_members = '{}' OR for_members @> ARRAY[$2]) AND NOT list_key = ANY($3)
"""
"""What somebody of an agency sees of the feed: a hit is gone with the first moment of its read's day, however late the
deletion; and is for those for whom its entry was made, who may read the list that it is on."""


class PostgresHits:
    """The table `hit_feed`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def append(self, hits: list[HitRaised]) -> None:
        """Adds hits to the feed; one that is in it already comes again when something is new of it."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", FEED_LOCK)
            for hit in hits:
                await _append(connection, hit)
            await connection.execute(f"NOTIFY {FEED_CHANNEL}")

    async def after(self, sequence: int, agency_id: str, limit: int, eyes: Eyes = NOBODY) -> list[SeenHit]:
        """The agency's hits after this number that these eyes may see, oldest first."""
        rows = await self._pool.fetch(
            f"SELECT sequence, document FROM hit_feed WHERE {SEEN_BY} AND sequence > $4 ORDER BY sequence LIMIT $5",  # noqa: S608
            *(agency_id, eyes.username, eyes.hidden_lists, sequence, limit),
        )
        return [_seen(row) for row in rows]

    async def recent(self, agency_id: str, limit: int, eyes: Eyes = NOBODY) -> list[SeenHit]:
        """The agency's newest hits that these eyes may see, newest first."""
        rows = await self._pool.fetch(
            f"SELECT sequence, document FROM hit_feed WHERE {SEEN_BY} ORDER BY sequence DESC LIMIT $4",  # noqa: S608
            *(agency_id, eyes.username, eyes.hidden_lists, limit),
        )
        return [_seen(row) for row in rows]

    async def one(self, hit_id: uuid.UUID, agency_id: str, eyes: Eyes = NOBODY) -> SeenHit | None:
        """A hit that the agency and these eyes may see."""
        row = await self._pool.fetchrow(
            f"SELECT sequence, document FROM hit_feed WHERE {SEEN_BY} AND hit_id = $4",  # noqa: S608
            *(agency_id, eyes.username, eyes.hidden_lists, hit_id),
        )
        return None if row is None else _seen(row)

    async def newest_sequence(self) -> int:
        """The number of the newest hit, 0 when there is none."""
        return int(await self._pool.fetchval("SELECT coalesce(max(sequence), 0) FROM hit_feed"))

    async def forget(self, at: datetime) -> None:
        """Deletes the hits whose read's day has come, and those of over a week ago.

        Numbers go on where they were: a sequence of the database gives them.
        """
        await self._pool.execute(
            "DELETE FROM hit_feed WHERE expires_on <= $1 OR raised_at < $2", at.date(), at - FEED_LASTS
        )


async def _append(connection: asyncpg.Connection, hit: HitRaised) -> None:
    known = await connection.fetchval("SELECT document FROM hit_feed WHERE hit_id = $1", hit.id)
    if known is None:
        await connection.execute(
            """
            INSERT INTO hit_feed (hit_id, raised_at, expires_on, agencies, document, list_key, for_members)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            *(hit.id, hit.raised_at, hit.read.expires_on, list(hit.agencies), encode(hit)),
            *(list_key(hit.entry.agency_id, hit.entry.list_id), hit.entry.distribution),
        )
    elif (both := merged(decode(known, HitRaised), hit)) != decode(known, HitRaised):
        # Under a new number, so that streams come to it once more.
        await connection.execute(
            "UPDATE hit_feed SET sequence = DEFAULT, raised_at = $2, agencies = $3, document = $4 WHERE hit_id = $1",
            *(both.id, both.raised_at, list(both.agencies), encode(both)),
        )


def _seen(row: asyncpg.Record) -> SeenHit:
    return SeenHit(row["sequence"], decode(row["document"], HitRaised))
