"""Consuming at least once: decode, take effect, then commit. What cannot be decoded is buried; what fails stops us."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError
from prometheus_client import Counter

from plateward.contracts.event import ContractError
from plateward.contracts.topics import RECORD_BYTES_MAX, Topic
from plateward.kernel.kafka.connection import connection
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status

log = structlog.get_logger("plateward.consumer")

CONSUMED = Counter("plateward_consumed_records_total", "Records whose effect is durable, by topic.", ["topic"])

POLL_MS = 500
"""How long a poll waits for records; also how long a stop may take to be seen."""

T = TypeVar("T")


class Refused(Exception):
    """This record can never be processed; says why."""


@dataclass(frozen=True, slots=True)
class Received(Generic[T]):
    """A decoded event and the record that it came in."""

    event: T
    record: ConsumerRecord


Decoder = Callable[[ConsumerRecord], T]
Effect = Callable[[Sequence[Received[T]]], Awaitable[None]]


class RecordConsumer:
    """One consumer of one topic, in a group: batches of records in, effects out, offsets committed after the effect.

    It rests on effects being idempotent: after a crash or a rebalance the last batch comes again. It makes nothing of
    records that are not looked at, so that a fire-hose costs little more than reading it.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        *,
        topic: Topic,
        group: str,
        effect: Callable[[list[ConsumerRecord]], Awaitable[None]],
        status: Status,
        batch_max: int,
        revoked: Callable[[], None] = lambda: None,
    ) -> None:
        """`revoked` is called when partitions are about to change hands, before any come from another member."""
        self._settings, self._topic, self._group = settings, topic, group
        self._effect, self._status, self._batch_max, self._revoked = effect, status, batch_max, revoked

    async def run(self, stopping: asyncio.Event) -> None:
        """Consumes until told to stop."""
        consumer = AIOKafkaConsumer(
            **connection(self._settings, self._group),
            group_id=f"plateward-{self._group}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=2 * RECORD_BYTES_MAX,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
        )
        consumer.subscribe([self._topic.name], listener=_Revocations(self._revoked))
        await consumer.start()
        try:
            while not stopping.is_set():
                self._status.beat(f"consume {self._topic.name}")
                polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._batch_max)
                if polled:
                    await self._effect([record for records in polled.values() for record in records])
                    await _commit(consumer, {tp: records[-1].offset + 1 for tp, records in polled.items()})
        finally:
            await consumer.stop()


class TopicConsumer(Generic[T]):
    """A consumer whose records are decoded, each refused one buried, before the effect."""

    def __init__(
        self,
        settings: KafkaSettings,
        *,
        topic: Topic,
        group: str,
        decoder: Decoder[T],
        effect: Effect[T],
        dead_letters: DeadLetters,
        status: Status,
        batch_max: int = 500,
    ) -> None:
        self._topic, self._decoder, self._effect, self._dead_letters = topic, decoder, effect, dead_letters
        self._records = RecordConsumer(
            settings, topic=topic, group=group, effect=self._take, status=status, batch_max=batch_max
        )

    async def run(self, stopping: asyncio.Event) -> None:
        """Consumes until told to stop."""
        await self._records.run(stopping)

    async def _take(self, records: list[ConsumerRecord]) -> None:
        received = []
        for record in records:
            try:
                received.append(Received(self._decoder(record), record))
            except (ContractError, Refused) as reason:
                await self._dead_letters.bury(record, str(reason))
        if received:
            await self._effect(received)
        CONSUMED.labels(self._topic.name).inc(len(received))


class _Revocations(ConsumerRebalanceListener):  # type: ignore[misc]
    """Passes on that partitions change hands."""

    def __init__(self, revoked: Callable[[], None]) -> None:
        self._revoked = revoked

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Before a rebalance."""
        self._revoked()

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """After a rebalance."""


async def _commit(consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
    try:
        await consumer.commit(offsets)
    except (CommitFailedError, IllegalStateError):
        # The partitions have gone to another member of the group, which does the batch again: effects are idempotent.
        log.info("commit.lost", partitions=len(offsets))
