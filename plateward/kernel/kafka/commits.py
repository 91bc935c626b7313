"""Committing offsets for many polls at once, after all that was begun for their records is durable."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

log = structlog.get_logger("plateward.consumer")

SECONDS = 0.2
"""The longest that records stay uncommitted while more are coming: what a successor does again after a crash."""

Polled = Mapping[TopicPartition, list[ConsumerRecord]]
"""Some records, by the partition that they came from, in their order there."""

Begun = Sequence[asyncio.Future[None]]
"""What an effect has begun and not awaited."""


class Commits:
    """The offsets of a consumer that are to be committed, and what must be durable before they may be."""

    def __init__(self, consumer: AIOKafkaConsumer, records: int) -> None:
        """With this many records a commit is due."""
        self._consumer, self._records = consumer, records
        self._begun: list[asyncio.Future[None]] = []
        self._offsets: dict[TopicPartition, int] = {}
        self._count, self._since = 0, 0.0
        self._making = asyncio.Lock()

    def add(self, polled: Polled, begun: Begun) -> None:
        """Notes records whose effect has been had, but for what was begun."""
        if not self._offsets:
            self._since = time.monotonic()
        self._offsets |= {partition: records[-1].offset + 1 for partition, records in polled.items()}
        self._count += sum(map(len, polled.values()))
        self._begun += begun

    @property
    def are_due(self) -> bool:
        """Whether enough records, or some for long enough, are uncommitted."""
        return self._count >= self._records or (bool(self._offsets) and time.monotonic() - self._since >= SECONDS)

    async def make(self) -> None:
        """Returns when all is durable and committed; raises what kept it from being durable, and does so ever after."""
        async with self._making:
            begun, offsets = self._begun, self._offsets
            self._begun, self._offsets, self._count = [], {}, 0
            try:
                await asyncio.gather(*begun)
            except BaseException:
                self._begun = begun + self._begun
                raise
            await self._commit(offsets)

    async def _commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        ours = self._consumer.assignment()
        offsets = {partition: offset for partition, offset in offsets.items() if partition in ours}
        if not offsets:
            return
        try:
            await self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            # The partitions have gone to another member of the group, which does the batch again: effects are
            # idempotent.
            log.info("commit.lost", partitions=len(offsets))


class CommitBeforeLeaving(ConsumerRebalanceListener):  # type: ignore[misc]
    """Has what is done committed before partitions change hands, and passes on that they do."""

    def __init__(self, commits: Commits, revoked: Callable[[], None]) -> None:
        self._commits, self._revoked = commits, revoked

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Before a rebalance."""
        try:
            await self._commits.make()
        finally:
            self._revoked()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """After a rebalance."""
