"""Consuming at least once: decode, take effect, then commit. What cannot be decoded is buried; what fails stops us."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from prometheus_client import Counter

from plateward.contracts.event import ContractError
from plateward.contracts.topics import RECORD_BYTES_MAX, Topic
from plateward.kernel.kafka.commits import Begun, CommitBeforeLeaving, Commits, Polled
from plateward.kernel.kafka.connection import connection
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status

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
    """One consumer of one topic, in a group: polls of records in, effects out, offsets committed after the effects.

    It rests on effects being idempotent: after a crash or a rebalance the last records come again. It makes nothing of
    records that are not looked at, so that a fire-hose costs little more than reading it.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        *,
        topic: Topic,
        group: str,
        effect: Callable[[Polled], Awaitable[Begun]],
        status: Status,
        batch_max: int,
        commit_max: int = 1,
        revoked: Callable[[], None] = lambda: None,
    ) -> None:
        """The effect returns what it has begun, which is awaited before its records are committed.

        A commit is made as soon as `commit_max` records wait for it. `revoked` is called when partitions are about to
        change hands, before any come from another member.
        """
        self._settings, self._topic, self._group = settings, topic, group
        self._effect, self._status, self._revoked = effect, status, revoked
        self._batch_max, self._commit_max = batch_max, commit_max

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
        commits = Commits(consumer, self._commit_max)
        consumer.subscribe([self._topic.name], listener=CommitBeforeLeaving(commits, self._revoked))
        await consumer.start()
        try:
            while not stopping.is_set():
                self._status.beat(f"consume {self._topic.name}")
                polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._batch_max)
                if polled:
                    commits.add(polled, await self._effect(polled))
                if commits.are_due:
                    await commits.make()
            await commits.make()
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

    async def _take(self, polled: Polled) -> Begun:
        received = []
        for record in chain.from_iterable(polled.values()):
            try:
                received.append(Received(self._decoder(record), record))
            except (ContractError, Refused) as reason:
                await self._dead_letters.bury(record, str(reason))
        if received:
            await self._effect(received)
        CONSUMED.labels(self._topic.name).inc(len(received))
        return ()
