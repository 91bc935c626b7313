"""The replica of the hot list: read to its end before the matcher takes a read, then followed."""

import asyncio
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from mode import Service

from plateward.contracts.event import ContractError
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.topics import HOT_LIST
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from services.matcher import metrics
from services.matcher.adapters.loading_beside import LoadingBeside
from services.matcher.adapters.partition_load import (
    POLL_MS,
    RECORDS_AT_ONCE,
    Offsets,
    hot_list_partition,
    load_partitions,
    own_entry,
    removed_id,
    replica_consumer,
)
from services.matcher.index import HotListIndex
from services.matcher.loading import Loaded, joined

log = structlog.get_logger("plateward.matcher")

PARTITIONS = [hot_list_partition(number) for number in range(HOT_LIST.partitions)]


class HotListReplica(Service):
    """Keeps the index equal to the compacted topic. Every matcher reads all partitions, in no group.

    Faust's GlobalTable would do this in name, but was measured to come up short without an error.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        index: HotListIndex,
        dead_letters: DeadLetters,
        status: Status,
        *,
        beside: LoadingBeside | None = None,
        **kwargs: Any,
    ) -> None:
        """`beside` loads half of a long list on another processor."""
        super().__init__(**kwargs)
        self._settings, self._index, self._beside = settings, index, beside
        self._dead_letters, self._status = dead_letters, status
        self._consumer: AIOKafkaConsumer | None = None
        self._complete = False

    async def on_start(self) -> None:
        """Returns when the whole topic has been read."""
        self._consumer = replica_consumer(self._settings)
        await self._consumer.start()
        ends = {at.partition: end for at, end in (await self._consumer.end_offsets(PARTITIONS)).items()}
        loaded, reached = await self._load(ends)
        self._index.begin_with(loaded)
        self._consumer.assign(PARTITIONS)
        for number, offset in reached.items():
            self._consumer.seek(hot_list_partition(number), offset)
        metrics.ENTRIES.set(len(self._index))
        self._complete = True
        log.info("replica.complete", entries=len(self._index))

    async def is_complete(self) -> bool:
        """Whether the replica has reached what was the end of the topic when it started."""
        return self._complete

    async def on_stop(self) -> None:
        """Closes the consumer."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def _load(self, ends: Offsets) -> tuple[Loaded, dict[int, int]]:
        """What the partitions hold before these ends, and how far each was read."""
        if self._beside is None or not self._beside.is_worth_it(ends):
            return await self._load_here(ends)
        here = {number: end for number, end in ends.items() if number % 2 == 0}
        there = {number: end for number, end in ends.items() if number % 2 == 1}
        # An entry's records all lie in one partition: neither half has anything to say of the other's.
        (own, reached), (others, also) = await asyncio.gather(self._load_here(here), self._beside.load(there))
        return joined(own, others), reached | also

    async def _load_here(self, ends: Offsets) -> tuple[Loaded, dict[int, int]]:
        load = self._index.load()
        reached = await load_partitions(self._settings, ends, load, self._dead_letters)
        return load.finish(), reached

    @Service.task
    async def _follow(self) -> None:
        while not self.should_stop:
            self._status.beat("hot-list replica")
            await self._take_some()

    async def _take_some(self) -> None:
        assert self._consumer is not None
        polled = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
        for records in polled.values():
            for record in records:
                await self._take(record)
            metrics.REPLICA_OFFSET.labels(records[-1].partition).set(records[-1].offset + 1)
            metrics.ENTRIES.set(len(self._index))

    async def _take(self, record: ConsumerRecord) -> None:
        try:
            if record.value is None:
                self._index.remove(removed_id(record))
            else:
                self._index.put(own_entry(record, HotListEntry), record.value)
        except ContractError as reason:
            await self._dead_letters.bury(record, str(reason))
