"""The relay from the outbox to Kafka: in order, until acknowledged, then forgotten."""

import asyncio

import asyncpg
import structlog

from plateward.contracts.envelope import Headers, event_headers
from plateward.contracts.topics import TOPICS
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from plateward.kernel.pauses import first_of
from plateward.kernel.status import Status
from services.gateway.adapters.outgoing import OUTBOX_CHANNEL

log = structlog.get_logger("plateward.outbox")

EVENT_TYPES = {topic.name: topic.value.TYPE for topic in TOPICS}

AT_A_TIME = 2000
"""How many changes are carried in one transaction."""

ACKNOWLEDGED_WITHIN_SECONDS = 30.0
"""How long as many may take to be durable on their topics."""

LOOK_EVERY_SECONDS = 5.0
"""How often the outbox is looked at even when nothing was heard of it."""


class OutboxRelay:
    """Carries changes from the outbox to their topic. One relay at a time works, by row locks.

    In each lane the order is kept; what a person has changed goes before lists of any length.
    """

    def __init__(self, pool: asyncpg.Pool, publisher: Publisher, status: Status) -> None:
        self._pool, self._publisher, self._status = pool, publisher, status

    async def run(self, stopping: asyncio.Event) -> None:
        """Relays until told to stop; while Kafka does not acknowledge, what waits stays where it is."""
        heard = asyncio.Event()

        def hear(*_: object) -> None:
            heard.set()

        async with self._pool.acquire() as listener:
            await listener.add_listener(OUTBOX_CHANNEL, hear)
            try:
                while not stopping.is_set():
                    self._status.beat("outbox")
                    heard.clear()
                    await self._relay_all()
                    await first_of(heard, stopping, within_seconds=LOOK_EVERY_SECONDS)
            finally:
                await listener.remove_listener(OUTBOX_CHANNEL, hear)

    async def _relay_all(self) -> None:
        try:
            while await self._relay_some():
                self._status.beat("outbox")
        except NotAcknowledged:
            log.warning("outbox.waits")

    async def _relay_some(self) -> bool:
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch("SELECT * FROM outbox ORDER BY lane, id LIMIT $1 FOR UPDATE", AT_A_TIME)
            await self._publisher.send_all((_record(row) for row in rows), within=ACKNOWLEDGED_WITHIN_SECONDS)
            await connection.execute("DELETE FROM outbox WHERE id = ANY($1)", [row["id"] for row in rows])
        return bool(rows)


def _record(row: asyncpg.Record) -> tuple[str, bytes, bytes | None, Headers]:
    headers = event_headers(
        event_id=str(row["event_id"]),
        event_type=EVENT_TYPES[row["topic"]],
        source="plateward/gateway",
        time=row["made_at"],
    )
    return row["topic"], row["key"].encode(), row["value"], headers
