"""Publishing events: idempotent, acknowledged by all replicas, or an error."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.structs import RecordMetadata

from plateward.contracts.envelope import Headers, event_headers
from plateward.contracts.event import Event, encode
from plateward.contracts.topics import RECORD_BYTES_MAX, Topic
from plateward.kernel.kafka.connection import connection
from plateward.kernel.settings import KafkaSettings

log = structlog.get_logger("plateward.publisher")

ACKNOWLEDGE_SECONDS = 10.0
"""How long a publisher waits for the acknowledgement before it gives up."""

LOG_APPEND_TIME = 1
"""Kafka's number for a record's time that is the broker's own."""

CLOSE_SECONDS = 3.0
"""How long a publisher may take to close. What is unsent then, its sender has been told is not acknowledged."""


class NotAcknowledged(RuntimeError):
    """Kafka did not acknowledge in time, or refused: nobody may act as if the event were durable."""


class Publisher:
    """Puts events on topics for one service."""

    def __init__(self, producer: AIOKafkaProducer, source: str) -> None:
        self._producer = producer
        self._source = source

    async def publish(
        self,
        topic: Topic,
        event: Event,
        *,
        key: str,
        event_id: uuid.UUID,
        time: datetime,
        traceparent: str | None = None,
        extra: Headers | None = None,
        within_seconds: float = ACKNOWLEDGE_SECONDS,
    ) -> None:
        """Returns when the event is durable; raises NotAcknowledged when that cannot be had in time."""
        headers = self.headers(event, event_id=event_id, time=time, traceparent=traceparent) + (extra or [])
        await self.send(topic.name, key=key.encode(), value=encode(event), headers=headers, within=within_seconds)

    def headers(self, event: Event, *, event_id: uuid.UUID, time: datetime, traceparent: str | None = None) -> Headers:
        """The headers of an event of this service."""
        return event_headers(
            event_id=str(event_id),
            event_type=event.TYPE,
            source=f"plateward/{self._source}",
            time=time,
            traceparent=traceparent,
        )

    async def send(
        self,
        topic: str,
        *,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        within: float = ACKNOWLEDGE_SECONDS,
    ) -> RecordMetadata:
        """Sends bytes as they are, and says where they lie; raises NotAcknowledged."""
        try:
            async with asyncio.timeout(within):
                return await self._producer.send_and_wait(topic, key=key, value=value, headers=headers)
        except (TimeoutError, KafkaError) as error:
            raise NotAcknowledged(f"{topic}: {type(error).__name__}") from error

    async def send_all(self, records: Iterable[tuple[str, bytes, bytes | None, Headers]], *, within: float) -> None:
        """Sends records (topic, key, value, headers) in their order, together; raises NotAcknowledged.

        Where it does, some of them may be on their topics all the same.
        """
        try:
            async with asyncio.timeout(within):
                sent = [
                    await self._producer.send(topic, key=key, value=value, headers=headers)
                    for topic, key, value, headers in records
                ]
                await asyncio.gather(*sent)
        except (TimeoutError, KafkaError) as error:
            raise NotAcknowledged(type(error).__name__) from error

    async def stamp(self, topic: Topic, event: Event, at: datetime) -> datetime | None:
        """The time that the broker writes on this event; None where it keeps the sender's. Raises NotAcknowledged."""
        headers = self.headers(event, event_id=uuid.uuid4(), time=at)
        kept = await self.send(topic.name, key=None, value=encode(event), headers=headers)
        return datetime.fromtimestamp(kept.timestamp / 1000, UTC) if kept.timestamp_type == LOG_APPEND_TIME else None

    async def reachable(self) -> bool:
        """Whether the brokers answer."""
        try:
            async with asyncio.timeout(2):
                await self._producer.client.fetch_all_metadata()
        except (TimeoutError, KafkaError, OSError):
            return False
        return True


@asynccontextmanager
async def open_publisher(settings: KafkaSettings, *, source: str) -> AsyncIterator[Publisher]:
    """A publisher for a service; it closes in time, even where the brokers have gone."""
    producer = AIOKafkaProducer(
        **connection(settings, source),
        acks="all",
        enable_idempotence=True,
        max_request_size=2 * RECORD_BYTES_MAX,
        request_timeout_ms=int(ACKNOWLEDGE_SECONDS * 1000),
    )
    await producer.start()
    try:
        yield Publisher(producer, source)
    finally:
        await _close(producer)


async def _close(producer: AIOKafkaProducer) -> None:
    """An idempotent producer would go on for ever with what it could not send."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await producer.stop()
    except TimeoutError:
        log.warning("publisher.closed-unsent")
        await producer.client.close()
