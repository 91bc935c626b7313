"""The account of what was purged: days begun and ended, certificates signed, and the latest time believed."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime

import asyncpg

from plateward.kernel.signatures import Signer
from plateward.policy.profile import AgencyProfile
from services.retention.adapters.certificate_topic import CertificateTopic
from services.retention.certificates import HeldBack, PurgedItem, certificates, statement
from services.retention.purge import Purged
from services.retention.trusted_time import TrustedTime, Witnesses

PURGER_LOCK = 0x50555247
"""The advisory lock of whoever purges."""

Witness = Callable[[datetime], Awaitable[Witnesses]]

_ITEMS = """
SELECT id, agency_id, kind, count, sha256, key_id, done_at FROM retention.purge_items
WHERE day = $1 AND certificate_id IS NULL AND done_at IS NOT NULL ORDER BY id FOR UPDATE
"""

_HELD = """
SELECT agency_id, hold_id, case_number, requested_by, approved_by, reason, ends_on, count(*)::int AS items
FROM retention.evidence_held WHERE expires_on = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY hold_id
"""

_TOTALS = """
SELECT coalesce(sum(count) FILTER (WHERE kind = 'reads'), 0)::int    AS reads,
       coalesce(sum(count) FILTER (WHERE kind = 'hits'), 0)::int     AS hits,
       coalesce(sum(count) FILTER (WHERE kind = 'images'), 0)::int   AS images,
       coalesce(sum(count) FILTER (WHERE kind = 'evidence'), 0)::int AS evidence,
       coalesce(sum(count) FILTER (WHERE kind = 'key'), 0)::int      AS keys,
       count(DISTINCT certificate_id)::int                           AS certificates
FROM retention.purge_items WHERE day = $1
"""


class PurgeLedger:
    """The tables `retention.purges`, `purge_certificates` and `purge_clock`."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        *,
        signer: Signer,
        profiles: Mapping[str, AgencyProfile],
        topic: CertificateTopic,
        trusted: TrustedTime,
        witness: Witness | None = None,
    ) -> None:
        self._pool, self._signer, self._profiles, self._topic = pool, signer, profiles, topic
        self._trusted, self._witness = trusted, witness or self._ask

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Says whether it is our turn to purge."""
        async with self._pool.acquire() as connection:
            ours: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1)", PURGER_LOCK)
            try:
                yield ours
            finally:
                if ours:
                    await connection.execute("SELECT pg_advisory_unlock($1)", PURGER_LOCK)

    async def believed_time(self, now: datetime) -> datetime:
        """The time as far as it can be believed; raises ClockDoubt."""
        reached = await self._pool.fetchval("SELECT reached FROM retention.purge_clock")
        believed = self._trusted.believed(await self._witness(now), reached)
        await self.reach(believed)
        return believed

    async def reach(self, time_believed: datetime) -> None:
        """Writes down that this time has been believed: it never goes back."""
        await self._pool.execute(
            "INSERT INTO retention.purge_clock (reached) VALUES ($1)"
            " ON CONFLICT (only_row) DO UPDATE SET reached = greatest(purge_clock.reached, EXCLUDED.reached)",
            time_believed,
        )

    async def begun(self, until: date) -> set[date]:
        """The days whose purge has begun and not ended."""
        rows = await self._pool.fetch("SELECT day FROM retention.purges WHERE finished_at IS NULL AND day <= $1", until)
        return {day for (day,) in rows}

    async def begin(self, day: date, at: datetime) -> None:
        """Writes down that the day's purge has begun, or begun again."""
        await self._pool.execute(
            "INSERT INTO retention.purges (day, started_at) VALUES ($1, $2)"
            " ON CONFLICT (day) DO UPDATE SET finished_at = NULL",
            *(day, at),
        )

    async def certify(self, day: date, at: datetime) -> Purged:
        """Signs what was deleted since the last certificates and closes the day, in one transaction."""
        async with self._pool.acquire() as connection, connection.transaction():
            items = [PurgedItem(**dict(row)) for row in await connection.fetch(_ITEMS, day)]
            held = await _held(connection, day)
            for certificate, item_ids in certificates(day, items, held, self._profiles, at):
                signed = self._signer.sign(statement(certificate))
                await connection.execute(
                    "INSERT INTO retention.purge_certificates"
                    " (id, agency_id, day, issued_at, statement, signature, signer)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    *(certificate.id, certificate.agency_id, day, at),
                    *(signed.statement, bytes.fromhex(signed.signature), signed.signer),
                )
                await connection.execute(
                    "UPDATE retention.purge_items SET certificate_id = $2 WHERE id = ANY($1)", item_ids, certificate.id
                )
            totals = dict(await connection.fetchrow(_TOTALS, day))
            await connection.execute(
                "UPDATE retention.purges SET reads = $2, hits = $3, blobs = $4, finished_at = $5 WHERE day = $1",
                *(day, totals["reads"], totals["hits"], totals["images"], at),
            )
        return Purged(day, **totals)

    async def publish(self) -> None:
        """Puts the certificates that are not published yet into the access log; raises NotAcknowledged."""
        rows = await self._pool.fetch(
            "SELECT id, agency_id, day, issued_at, statement, signature, signer FROM retention.purge_certificates"
            " WHERE published_at IS NULL ORDER BY issued_at, id"
        )
        for row in rows:
            await self._topic.publish(row)
            await self._pool.execute(
                "UPDATE retention.purge_certificates SET published_at = now() WHERE id = $1", row["id"]
            )

    async def _ask(self, now: datetime) -> Witnesses:
        database: datetime = await self._pool.fetchval("SELECT clock_timestamp()")
        # Counts on while the machine sleeps; where there is no such clock, sleep looks like a jump.
        counted = time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
        return Witnesses(now, database, counted)


async def _held(connection: asyncpg.Connection, day: date) -> dict[str, tuple[HeldBack, ...]]:
    held: dict[str, tuple[HeldBack, ...]] = {}
    for row in await connection.fetch(_HELD, day):
        one = dict(row)
        agency_id = one.pop("agency_id")
        held[agency_id] = (*held.get(agency_id, ()), HeldBack(**one))
    return held
