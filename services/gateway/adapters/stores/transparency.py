"""What is known of an agency's use, and what it has published, in PostgreSQL."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime

import asyncpg
import msgspec

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.sharing import SharingAgreement
from plateward.kernel.postgres import within_scope
from services.gateway.adapters.stores.cameras import PostgresCameras
from services.gateway.transparency.publication import Audited, Publication, Purge

PUBLISHER_LOCK = 0x50554253
"""The advisory lock of whoever computes."""

_SEARCHES = """
SELECT document #>> '{reason,purpose}' AS purpose, count(*) AS searches FROM audit.access_records
 WHERE agency_id = $1 AND at >= $2 AND at < $3
   AND document ->> 'action' = 'search' AND document ->> 'phase' = 'asked' AND NOT document -> 'query' ? 'search'
 GROUP BY 1
"""

_AUDITED = """
WITH done AS (
    SELECT id, (closed ->> 'at')::timestamptz AS closed_at FROM audits WHERE agency_id = $1 AND closed IS NOT NULL
), of_the_time AS (
    SELECT * FROM done WHERE (closed_at AT TIME ZONE $4)::date >= $2 AND closed_at < $3
), judged AS (
    SELECT DISTINCT ON (audit_id, place) verdict FROM audit_judgements WHERE audit_id IN (SELECT id FROM of_the_time)
     ORDER BY audit_id, place, id DESC
)
SELECT count(*) AS closed, max((closed_at AT TIME ZONE $4)::date) AS last_closed_on,
       (SELECT count(*) FROM judged) AS inquiries,
       (SELECT count(*) FROM judged WHERE verdict = 'violation') AS violations
  FROM of_the_time
"""


class PostgresTransparency:
    """The tables `daily_counts` and `publications`, and what other schemas let the gateway read."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[bool]:
        """Whether this process alone computes, until the end of the block."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", PUBLISHER_LOCK)

    async def computed_at(self, agency_id: str) -> datetime | None:
        """When the agency's publication was last computed."""
        at: datetime | None = await self._pool.fetchval(
            "SELECT computed_at FROM publications WHERE agency_id = $1", agency_id
        )
        return at

    async def counted_days(self, agency_id: str, since: date) -> set[date]:
        """The days since then whose reads and hits were counted."""
        rows = await self._pool.fetch(
            "SELECT day FROM daily_counts WHERE agency_id = $1 AND day >= $2", agency_id, since
        )
        return {row["day"] for row in rows}

    async def count(self, agency_id: str, day: date, from_at: datetime, until_at: datetime) -> None:
        """Counts, or counts again, the reads and hits of a day. What has been purged since stays counted."""
        await self._pool.execute(
            """
            INSERT INTO daily_counts (agency_id, day, reads, hits)
            SELECT $1, $2, reads, hits FROM retention.counts_of($1, $3, $4)
            ON CONFLICT (agency_id, day) DO UPDATE
               SET reads = greatest(daily_counts.reads, excluded.reads),
                   hits = greatest(daily_counts.hits, excluded.hits)
            """,
            *(agency_id, day, from_at, until_at),
        )

    async def reads_and_hits(self, agency_id: str, from_day: date, until_day: date) -> tuple[int, int]:
        """How many there were on these days, the last one included."""
        row = await self._pool.fetchrow(
            """
            SELECT coalesce(sum(reads), 0)::bigint AS reads, coalesce(sum(hits), 0)::bigint AS hits
              FROM daily_counts WHERE agency_id = $1 AND day BETWEEN $2 AND $3
            """,
            *(agency_id, from_day, until_day),
        )
        assert row is not None
        return row["reads"], row["hits"]

    async def searches(self, agency_id: str, from_at: datetime, until_at: datetime) -> Mapping[str, int]:
        """The searches of the agency's people, by purpose, as the access log has them."""
        async with within_scope(self._pool, (agency_id,)) as connection:
            rows = await connection.fetch(_SEARCHES, agency_id, from_at, until_at)
        return {row["purpose"]: row["searches"] for row in rows}

    async def cameras(self, agency_id: str) -> list[CameraRegistration]:
        """The agency's cameras on file."""
        return [one.registration for one in await PostgresCameras(self._pool).of_agency(agency_id)]

    async def agreements(self, at: datetime) -> Sequence[SharingAgreement]:
        """All sharing that stood at this time."""
        rows = await self._pool.fetch(
            "SELECT document FROM sharing_versions WHERE from_at <= $1 AND (until_at IS NULL OR until_at > $1)", at
        )
        return [msgspec.convert(row["document"], SharingAgreement) for row in rows]

    async def purges(self, agency_id: str, since: date, until_at: datetime) -> Sequence[Purge]:
        """The purges of the agency's days since then, certified by this time, newest first."""
        rows = await self._pool.fetch(
            "SELECT day, id AS certificate, issued_at FROM retention.purge_certificates"
            " WHERE agency_id = $1 AND day >= $2 AND issued_at < $3 ORDER BY day DESC, issued_at DESC",
            *(agency_id, since, until_at),
        )
        return [Purge(**dict(row)) for row in rows]

    async def audited(self, agency_id: str, since: date, until_at: datetime, timezone: str) -> Audited:
        """What the audits came to that the agency closed from this day on its clocks up to this time."""
        row = await self._pool.fetchrow(_AUDITED, agency_id, since, until_at, timezone)
        return Audited(from_day=since, **dict(row))

    async def publish(self, agency_id: str, made: Publication) -> None:
        """Puts the publication in the place of the one before."""
        await self._pool.execute(
            """
            INSERT INTO publications (agency_id, computed_at, document) VALUES ($1, $2, $3)
            ON CONFLICT (agency_id) DO UPDATE SET computed_at = excluded.computed_at, document = excluded.document
            """,
            *(agency_id, made.computed_at, msgspec.to_builtins(made)),
        )

    async def published(self, agency_id: str) -> Publication | None:
        """What the agency publishes at present."""
        document = await self._pool.fetchval("SELECT document FROM publications WHERE agency_id = $1", agency_id)
        return None if document is None else msgspec.convert(document, Publication)
