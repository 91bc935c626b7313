"""Deliveries of hits in PostgreSQL, while they are made. Outcomes leave by the outbox, in the change's transaction."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg
from cryptography.exceptions import InvalidTag

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode, encode
from plateward.contracts.hits import HitRaised
from plateward.contracts.topics import ACCESS
from services.gateway.adapters.outgoing import send
from services.gateway.adapters.sealing import SealKey
from services.gateway.adapters.stores.hits import SEEN_BY
from services.gateway.eyes import Eyes
from services.gateway.shared_hits.delivery import State, Subscription, ToDeliver, Try, delivery_id
from services.gateway.shared_hits.recording import delivery_outcome
from services.gateway.shared_hits.retrying import Waiting

FILLED_AT_A_TIME = 200
"""How many of the feed's hits are put in line in one transaction."""

LOOKED_AT = 2
"""How many of those in line are looked at when one is chosen: the first, and the one behind it."""

SUBSCRIPTION = (
    "id, client_id, agency_id, url, made_at, failures, failing_since, next_at, old_secret_until, ended_at, ended_why"
)
"""What of a subscription is read: all but its secrets."""

NOBODY = Eyes()


class PostgresDeliveries:
    """The tables `hit_subscriptions`, `hit_deliveries` and `hit_delivery_tries`."""

    def __init__(self, pool: asyncpg.Pool, seal: SealKey | None) -> None:
        self._pool, self._seal = pool, seal

    async def behind(self) -> Sequence[Subscription]:
        """The subscriptions that run, and for which the feed has not been looked through, or whose client has ended."""
        rows = await self._pool.fetch(
            f"""
            SELECT {SUBSCRIPTION} FROM hit_subscriptions s WHERE ended_at IS NULL
               AND (after < (SELECT coalesce(max(sequence), 0) FROM hit_feed)
                    OR EXISTS (SELECT FROM partner_clients c WHERE c.id = s.client_id AND c.ended_at IS NOT NULL))
            """  # noqa: S608
        )
        return [subscription_of(row) for row in rows]

    async def fill(
        self, subscription: Subscription, at: datetime, owners_of: Callable[[HitRaised], tuple[str, ...]]
    ) -> None:
        """Adds what the feed has for a subscription since it was last looked for; a hit without owners is none."""
        full = True
        while full:
            full = await self._fill_some(subscription, at, owners_of)

    async def _fill_some(
        self, subscription: Subscription, at: datetime, owners_of: Callable[[HitRaised], tuple[str, ...]]
    ) -> bool:
        async with self._pool.acquire() as connection, connection.transaction():
            # The feed's end first: numbers become visible in their order, so none up to it is missed.
            end = await connection.fetchval("SELECT coalesce(max(sequence), 0) FROM hit_feed")
            after = await connection.fetchval(
                "SELECT after FROM hit_subscriptions WHERE id = $1 AND ended_at IS NULL AND after < $2"
                " FOR UPDATE SKIP LOCKED",
                *(subscription.id, end),
            )
            if after is None:
                return False
            rows = await connection.fetch(
                f"SELECT sequence, document FROM hit_feed WHERE {SEEN_BY} AND sequence > $4 AND sequence <= $5"  # noqa: S608
                " ORDER BY sequence LIMIT $6",
                *(subscription.agency_id, NOBODY.username, NOBODY.hidden_lists, after, end, FILLED_AT_A_TIME),
            )
            for row in rows:
                hit = decode(row["document"], HitRaised)
                if owners := owners_of(hit):
                    await _add(connection, subscription, hit, row["sequence"], owners, at)
            full = len(rows) == FILLED_AT_A_TIME
            await connection.execute(
                "UPDATE hit_subscriptions SET after = $2 WHERE id = $1",
                *(subscription.id, rows[-1]["sequence"] if full else end),
            )
        return full

    async def claim(self, at: datetime, until: datetime) -> Sequence[uuid.UUID]:
        """The subscriptions that have something due; until then they are this process's alone."""
        rows = await self._pool.fetch(
            """
            UPDATE hit_subscriptions SET leased_until = $2 WHERE id IN (
              SELECT s.id FROM hit_subscriptions s
               WHERE s.ended_at IS NULL AND s.next_at <= $1 AND coalesce(s.leased_until <= $1, true)
                 AND EXISTS (SELECT FROM hit_deliveries d WHERE d.subscription_id = s.id AND d.state = 'waiting'
                                AND (NOT d.aside OR d.next_at <= $1))
                 FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            *(at, until),
        )
        return [row["id"] for row in rows]

    async def release(self, subscription_id: uuid.UUID) -> None:
        """Leaves a subscription to whoever comes."""
        await self._pool.execute("UPDATE hit_subscriptions SET leased_until = NULL WHERE id = $1", subscription_id)

    async def due(
        self, subscription_id: uuid.UUID, at: datetime, until: datetime
    ) -> tuple[Subscription, Sequence[ToDeliver]]:
        """The subscription and the first that wait for it, in the feed's order; it stays this process's until then."""
        row = await self._pool.fetchrow(
            f"UPDATE hit_subscriptions SET leased_until = $2 WHERE id = $1 RETURNING {SUBSCRIPTION}",  # noqa: S608
            *(subscription_id, until),
        )
        rows = await self._pool.fetch(
            """
            (SELECT * FROM hit_deliveries WHERE subscription_id = $1 AND state = 'waiting' AND NOT aside
              ORDER BY sequence LIMIT $3)
            UNION ALL
            (SELECT * FROM hit_deliveries WHERE subscription_id = $1 AND state = 'waiting' AND aside AND next_at <= $2
              ORDER BY sequence LIMIT 1)
            """,
            *(subscription_id, at, LOOKED_AT),
        )
        return subscription_of(row), [_to_deliver(one) for one in rows]

    async def secrets(self, subscription_id: uuid.UUID, at: datetime) -> tuple[bytes, ...]:
        """The secrets that sign at this time, the current one first; none where they cannot be opened."""
        row = await self._pool.fetchrow(
            "SELECT secret, CASE WHEN old_secret_until > $2 THEN old_secret END AS old"
            " FROM hit_subscriptions WHERE id = $1",
            *(subscription_id, at),
        )
        if self._seal is None:
            return ()
        try:
            sealed = (row["secret"], row["old"])
            return tuple(self._seal.opened(one, subscription_id) for one in sealed if one is not None)
        except InvalidTag:
            return ()

    async def keep_record(
        self, delivery_id: uuid.UUID, round_: int, record: AccessRecord, before: AccessRecord | None
    ) -> None:
        """Keeps the access record under which a delivery is to leave, before the log has it.

        `before` is the outcome of the record that it had until now.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "UPDATE hit_deliveries SET round = $2, record = $3, recorded = false WHERE id = $1",
                *(delivery_id, round_, encode(record)),
            )
            await _log_outcome(connection, before)

    async def recorded(self, delivery_id: uuid.UUID) -> None:
        """Notes that the log has it."""
        await self._pool.execute("UPDATE hit_deliveries SET recorded = true WHERE id = $1", delivery_id)

    async def postpone(self, subscription_id: uuid.UUID, until: datetime) -> None:
        """Nothing is tried before this; it is no fault of the receiver."""
        await self._pool.execute("UPDATE hit_subscriptions SET next_at = $2 WHERE id = $1", subscription_id, until)

    async def close(
        self, delivery_id: uuid.UUID, state: State, why: str, at: datetime, outcome: AccessRecord | None
    ) -> None:
        """Ends a delivery without a further try."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _closed(connection, delivery_id, state, why, at)
            await _log_outcome(connection, outcome)

    async def succeeded(self, delivery: ToDeliver, of: uuid.UUID, tried: Try, outcome: AccessRecord) -> None:
        """Notes that the receiver has it; what it let pass is set aside. The outcome goes to the log with it."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _tried(connection, delivery.id, tried)
            await _closed(connection, delivery.id, "delivered", "", outcome.at)
            await connection.execute(
                "UPDATE hit_subscriptions SET failures = 0, failing_since = NULL, next_at = $2 WHERE id = $1",
                *(of, outcome.at),
            )
            # What was before it in line and had failed is at fault itself: it waits beside the others from now on.
            await connection.execute(
                "UPDATE hit_deliveries SET aside = true, next_at = $3"
                " WHERE subscription_id = $1 AND state = 'waiting' AND NOT aside AND sequence < $2 AND tries > 0",
                *(of, delivery.waiting.sequence, outcome.at),
            )
            await _log_outcome(connection, outcome)

    async def failed(
        self, delivery: ToDeliver, of: uuid.UUID, tried: Try, next_at: datetime, outcome: AccessRecord | None
    ) -> None:
        """Notes a failure, and when it is tried again; with an outcome it is given up."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _tried(connection, delivery.id, tried)
            await connection.execute(
                "UPDATE hit_deliveries SET why = $2, next_at = $3 WHERE id = $1", delivery.id, tried.in_words, next_at
            )
            if not delivery.waiting.aside:
                await connection.execute(
                    "UPDATE hit_subscriptions SET failures = failures + 1,"
                    " failing_since = coalesce(failing_since, $2), next_at = $3 WHERE id = $1",
                    *(of, tried.at, next_at),
                )
            if outcome is not None:
                await _closed(connection, delivery.id, "given-up", tried.in_words, outcome.at)
                await _log_outcome(connection, outcome)

    async def end(self, subscription_id: uuid.UUID, why: str, at: datetime) -> None:
        """Ends a subscription, and gives up all that waits for it, each with its outcome."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "UPDATE hit_subscriptions SET ended_at = $2, ended_why = $3 WHERE id = $1 AND ended_at IS NULL",
                *(subscription_id, at, why),
            )
            rows = await connection.fetch(
                "UPDATE hit_deliveries SET state = 'given-up', why = $3, changed_at = $2"
                " WHERE subscription_id = $1 AND state = 'waiting' RETURNING record, recorded",
                *(subscription_id, at, why),
            )
            for row in rows:
                if row["recorded"]:
                    record = decode(row["record"], AccessRecord)
                    await _log_outcome(connection, delivery_outcome(record, "failed", at, why))


async def _add(
    connection: asyncpg.Connection,
    subscription: Subscription,
    hit: HitRaised,
    sequence: int,
    owners: tuple[str, ...],
    at: datetime,
) -> None:
    await connection.execute(
        """
        INSERT INTO hit_deliveries (id, way, subscription_id, client_id, agency_id, owners, hit_id, sequence, made_at,
                                    state, changed_at, next_at)
        VALUES ($1, 'webhook', $2, $3, $4, $5, $6, $7, $8, 'waiting', $8, $8) ON CONFLICT (id) DO NOTHING
        """,
        *(delivery_id(subscription.id, hit.id, sequence), subscription.id, subscription.client_id),
        *(subscription.agency_id, list(owners), hit.id, sequence, at),
    )


async def _tried(connection: asyncpg.Connection, delivery: uuid.UUID, tried: Try) -> None:
    await connection.execute(
        "INSERT INTO hit_delivery_tries (delivery_id, at, took_ms, status, problem) VALUES ($1, $2, $3, $4, $5)",
        *(delivery, tried.at, tried.took_ms, tried.status, tried.problem),
    )
    await connection.execute("UPDATE hit_deliveries SET tries = tries + 1 WHERE id = $1", delivery)


async def _closed(connection: asyncpg.Connection, delivery: uuid.UUID, state: State, why: str, at: datetime) -> None:
    await connection.execute(
        "UPDATE hit_deliveries SET state = $2, why = $3, changed_at = $4 WHERE id = $1", delivery, state, why, at
    )


async def _log_outcome(connection: asyncpg.Connection, outcome: AccessRecord | None) -> None:
    if outcome is not None:
        await send(connection, ACCESS, outcome.actor.agency_id, outcome, outcome.id, outcome.at)


def subscription_of(row: asyncpg.Record) -> Subscription:
    """The subscription that a row of `SUBSCRIPTION` is."""
    return Subscription(**dict(row))


def _to_deliver(row: asyncpg.Record) -> ToDeliver:
    waiting = Waiting(row["id"], row["sequence"], row["tries"], row["aside"], row["next_at"])
    return ToDeliver(waiting, row["hit_id"], row["round"], row["record"], row["recorded"])
