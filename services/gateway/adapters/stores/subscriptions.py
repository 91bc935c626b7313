"""Subscriptions to shared hits, and what was delivered by them, as partners and owners' people keep them."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from services.gateway.adapters.sealing import SealKey
from services.gateway.adapters.stores.deliveries import SUBSCRIPTION, subscription_of
from services.gateway.shared_hits.delivery import Delivery, Subscription, Try


class PostgresSubscriptions:
    """The tables `hit_subscriptions`, `hit_deliveries` and `hit_delivery_tries`."""

    def __init__(self, pool: asyncpg.Pool, seal: SealKey | None) -> None:
        self._pool, self._seal = pool, seal

    @property
    def can_keep_secrets(self) -> bool:
        """Whether there is a key to seal them with."""
        return self._seal is not None

    async def add(self, client_id: str, agency_id: str, url: str, secret: bytes, at: datetime) -> Subscription | None:
        """A subscription to what comes from now on; None where this client has one to this URL."""
        assert self._seal is not None
        subscription_id = uuid.uuid4()
        row = await self._pool.fetchrow(
            f"""
            INSERT INTO hit_subscriptions (id, client_id, agency_id, url, made_at, next_at, secret, after)
            VALUES ($1, $2, $3, $4, $5, $5, $6, (SELECT coalesce(max(sequence), 0) FROM hit_feed))
            ON CONFLICT (client_id, url) WHERE ended_at IS NULL DO NOTHING RETURNING {SUBSCRIPTION}
            """,  # noqa: S608
            *(subscription_id, client_id, agency_id, url, at, self._seal.sealed(secret, subscription_id)),
        )
        return None if row is None else subscription_of(row)

    async def change_secret(
        self, subscription_id: uuid.UUID, client_id: str, secret: bytes, at: datetime, both_for: timedelta
    ) -> Subscription | None:
        """Has another secret sign; for so long the one that it replaces does as well. None where there is none such."""
        assert self._seal is not None
        row = await self._pool.fetchrow(
            f"""
            UPDATE hit_subscriptions SET old_secret = secret, old_secret_until = $4, secret = $3
             WHERE id = $1 AND client_id = $2 AND ended_at IS NULL RETURNING {SUBSCRIPTION}
            """,  # noqa: S608
            *(subscription_id, client_id, self._seal.sealed(secret, subscription_id), at + both_for),
        )
        return None if row is None else subscription_of(row)

    async def of_client(self, client_id: str) -> Sequence[Subscription]:
        """The client's subscriptions, newest first, ended ones as well."""
        rows = await self._pool.fetch(
            f"SELECT {SUBSCRIPTION} FROM hit_subscriptions WHERE client_id = $1 ORDER BY made_at DESC LIMIT 100",  # noqa: S608
            client_id,
        )
        return [subscription_of(row) for row in rows]

    async def delivering_for(self, owner: str) -> Sequence[Subscription]:
        """The subscriptions that run, or have ended of late, by which something of the owner's was to be delivered."""
        rows = await self._pool.fetch(
            f"""
            SELECT {SUBSCRIPTION} FROM hit_subscriptions s
             WHERE EXISTS (SELECT FROM hit_deliveries d WHERE d.subscription_id = s.id AND d.owners @> ARRAY[$1])
             ORDER BY s.ended_at IS NOT NULL, made_at DESC LIMIT 100
            """,  # noqa: S608
            owner,
        )
        return [subscription_of(row) for row in rows]

    async def deliveries_of_subscription(
        self, subscription_id: uuid.UUID, state: str | None, limit: int
    ) -> Sequence[Delivery]:
        """What was delivered by a subscription or is to be, newest first."""
        return await self._deliveries(
            "subscription_id = $1 AND ($2::text IS NULL OR state = $2)", subscription_id, state, limit
        )

    async def deliveries_of_owner(self, owner: str, state: str | None, limit: int) -> Sequence[Delivery]:
        """What of an owner's was delivered or is to be, newest first."""
        return await self._deliveries("owners @> ARRAY[$1] AND ($2::text IS NULL OR state = $2)", owner, state, limit)

    async def one_of_owner(self, delivery_id: uuid.UUID, owner: str) -> Delivery | None:
        """A delivery of something of the owner's."""
        found = await self._deliveries("owners @> ARRAY[$1] AND id = $2", owner, delivery_id, 1)
        return found[0] if found else None

    async def open_again(self, deliveries: Sequence[uuid.UUID], by: str, at: datetime) -> int:
        """Has these made once more, under new records, where their subscription runs; returns how many will be."""
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(
                """
                UPDATE hit_deliveries d SET state = 'waiting', why = '', tries = 0, aside = false, next_at = $2,
                       changed_at = $2, record = NULL, recorded = false, sent_again_by = $3
                  FROM hit_subscriptions s
                 WHERE d.id = ANY($1) AND s.id = d.subscription_id AND s.ended_at IS NULL AND d.state <> 'waiting'
                RETURNING d.subscription_id
                """,
                *(list(deliveries), at, by),
            )
            await self._try_now(connection, [row["subscription_id"] for row in rows], at)
        return len(rows)

    async def open_since(self, subscription_id: uuid.UUID, since: datetime, by: str, at: datetime) -> None:
        """The same with all that the feed has since then, had or not."""
        rows = await self._pool.fetch(
            "SELECT id FROM hit_deliveries WHERE subscription_id = $1 AND state <> 'waiting'"
            " AND sequence IN (SELECT sequence FROM hit_feed WHERE raised_at >= $2)",
            *(subscription_id, since),
        )
        await self.open_again([row["id"] for row in rows], by, at)
        await self._pool.execute(
            """
            UPDATE hit_subscriptions SET next_at = $3, after = least(
              after, (SELECT min(sequence) - 1 FROM hit_feed WHERE raised_at >= $2)) WHERE id = $1
            """,
            *(subscription_id, since, at),
        )

    async def add_streamed(self, made: Delivery, sequence: int, record: bytes) -> None:
        """Notes a hit that has left by a stream."""
        await self._pool.execute(
            """
            INSERT INTO hit_deliveries (id, way, client_id, agency_id, owners, hit_id, sequence, made_at, state,
                                        changed_at, next_at, round, record, recorded)
            VALUES ($1, 'stream', $2, $3, $4, $5, $6, $7, 'delivered', $7, $7, 1, $8, true)
            """,
            *(made.id, made.client_id, made.agency_id, list(made.owners), made.hit_id, sequence, made.made_at, record),
        )

    async def forget(self, before: datetime) -> None:
        """Deletes what was delivered or given up before this; the access log keeps its records."""
        await self._pool.execute("DELETE FROM hit_deliveries WHERE state <> 'waiting' AND changed_at < $1", before)
        await self._pool.execute(
            "DELETE FROM hit_subscriptions s WHERE ended_at < $1"
            " AND NOT EXISTS (SELECT FROM hit_deliveries d WHERE d.subscription_id = s.id)",
            before,
        )

    async def _try_now(self, connection: asyncpg.Connection, subscriptions: list[uuid.UUID], at: datetime) -> None:
        await connection.execute("UPDATE hit_subscriptions SET next_at = $2 WHERE id = ANY($1)", subscriptions, at)

    async def _deliveries(self, where: str, *values: object) -> list[Delivery]:
        rows = await self._pool.fetch(
            f"SELECT * FROM hit_deliveries WHERE {where} ORDER BY made_at DESC, sequence DESC LIMIT $3",  # noqa: S608
            *values,
        )
        made = defaultdict[uuid.UUID, list[Try]](list)
        for one in await self._pool.fetch(
            "SELECT * FROM hit_delivery_tries WHERE delivery_id = ANY($1) ORDER BY at", [row["id"] for row in rows]
        ):
            made[one["delivery_id"]].append(Try(one["at"], one["took_ms"], one["status"], one["problem"]))
        return [_delivery(row, tuple(made[row["id"]])) for row in rows]


def _delivery(row: asyncpg.Record, tries: tuple[Try, ...]) -> Delivery:
    record = None if row["record"] is None else decode(row["record"], AccessRecord)
    return Delivery(
        id=row["id"],
        way=row["way"],
        subscription_id=row["subscription_id"],
        client_id=row["client_id"],
        agency_id=row["agency_id"],
        owners=tuple(row["owners"]),
        hit_id=row["hit_id"],
        made_at=row["made_at"],
        state=row["state"],
        changed_at=row["changed_at"],
        why=row["why"],
        next_at=row["next_at"],
        sent_again_by=row["sent_again_by"],
        access_id=None if record is None else record.access_id,
        tries=tries,
    )
