"""Topics that a matcher knows whole: read to their end before it is ready, then followed, in no group."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from mode import Service

from plateward.contracts.event import ContractError
from plateward.contracts.topics import Topic
from plateward.kernel.kafka.connection import connection
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from services.matcher import metrics

log = structlog.get_logger("plateward.matcher")

POLL_MS = 200

Take = Callable[[ConsumerRecord], None]
"""Takes in one record; raises ContractError."""


class TopicFollower(Service):
    """Follows topics, all partitions of each, from a time or their beginning."""

    def __init__(
        self,
        settings: KafkaSettings,
        name: str,
        takes: Mapping[Topic, Take],
        dead_letters: DeadLetters,
        status: Status,
        *,
        since: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._settings, self._name, self._since = settings, name, since
        self._takes = {topic.name: take for topic, take in takes.items()}
        self._partitions = [TopicPartition(topic.name, number) for topic in takes for number in range(topic.partitions)]
        self._dead_letters, self._status = dead_letters, status
        self._consumer: AIOKafkaConsumer | None = None
        self._taken: dict[TopicPartition, int] = {}
        self._progress = asyncio.Condition()
        self._complete = False

    async def on_start(self) -> None:
        """Returns when all that the topics held has been taken."""
        self._consumer = AIOKafkaConsumer(
            **connection(self._settings, f"matcher-{self._name}"),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await self._consumer.start()
        self._consumer.assign(self._partitions)
        await self._seek()
        ends = await self._consumer.end_offsets(self._partitions)
        while not self._reached(ends):
            await self._take_some()
        self._complete = True
        log.info("follower.complete", follower=self._name)

    async def is_complete(self) -> bool:
        """Whether it has reached what was the end of the topics when it started."""
        return self._complete

    async def catch_up(self) -> None:
        """Returns when all that the topics hold at this moment has been taken."""
        assert self._consumer is not None
        ends = await self._consumer.end_offsets(self._partitions)
        async with self._progress:
            await self._progress.wait_for(lambda: self._reached(ends))

    async def on_stop(self) -> None:
        """Closes the consumer."""
        if self._consumer is not None:
            await self._consumer.stop()

    @Service.task
    async def _follow(self) -> None:
        while not self.should_stop:
            self._status.beat(f"follow {self._name}")
            await self._take_some()

    async def _seek(self) -> None:
        assert self._consumer is not None
        await self._consumer.seek_to_beginning(*self._partitions)
        if self._since is not None:
            since_ms = int(self._since.timestamp() * 1000)
            found = await self._consumer.offsets_for_times(dict.fromkeys(self._partitions, since_ms))
            ends = await self._consumer.end_offsets(self._partitions)
            for partition, at in found.items():
                self._consumer.seek(partition, at.offset if at is not None else ends[partition])
        for partition in self._partitions:
            self._taken[partition] = await self._consumer.position(partition)

    def _reached(self, ends: Mapping[TopicPartition, int]) -> bool:
        return all(self._taken[partition] >= end for partition, end in ends.items())

    async def _take_some(self) -> None:
        assert self._consumer is not None
        for partition, records in (await self._consumer.getmany(timeout_ms=POLL_MS)).items():
            for record in records:
                try:
                    self._takes[record.topic](record)
                except ContractError as reason:
                    await self._dead_letters.bury(record, str(reason))
            self._taken[partition] = records[-1].offset + 1
        # Past what is compacted away there is no record, only a position.
        for partition in self._partitions:
            taken = max(self._taken[partition], await self._consumer.position(partition))
            self._taken[partition] = taken
            metrics.FOLLOWED_OFFSET.labels(partition.topic, partition.partition).set(taken)
        async with self._progress:
            self._progress.notify_all()
