"""The replica of the hot list: read to its end before the matcher takes a read, then followed."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from mode import Service

from plateward.contracts.event import ContractError, decode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.topics import HOT_LIST
from plateward.kernel.kafka.connection import connection
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from services.matcher import metrics
from services.matcher.index import HotListIndex
from services.matcher.listed import Listed
from services.matcher.loading import HotListLoad
from services.matcher.skimming import Skimmed, stretches

log = structlog.get_logger("plateward.matcher")

AnyListed = TypeVar("AnyListed", Listed, HotListEntry)

POLL_MS = 500
RECORDS_AT_ONCE = 2_000
"""No more than the processor has at hand when they are looked at."""


class HotListReplica(Service):
    """Keeps the index equal to the compacted topic. Every matcher reads all partitions, in no group.

    Faust's GlobalTable would do this in name, but was measured to come up short without an error.
    """

    def __init__(
        self, settings: KafkaSettings, index: HotListIndex, dead_letters: DeadLetters, status: Status, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._settings, self._index = settings, index
        self._dead_letters, self._status = dead_letters, status
        self._consumer: AIOKafkaConsumer | None = None
        self._complete = False

    async def on_start(self) -> None:
        """Returns when the whole topic has been read."""
        self._consumer = AIOKafkaConsumer(
            **connection(self._settings, "matcher-replica"), group_id=None, enable_auto_commit=False
        )
        await self._consumer.start()
        partitions = [TopicPartition(HOT_LIST.name, number) for number in range(HOT_LIST.partitions)]
        self._consumer.assign(partitions)
        await self._consumer.seek_to_beginning(*partitions)
        ends = await self._consumer.end_offsets(partitions)
        load = self._index.load()
        while not await self._reached(ends):
            for records in await self._poll():
                await self._load(records, load)
        self._index.begin_with(load.finish())
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

    @Service.task
    async def _follow(self) -> None:
        while not self.should_stop:
            self._status.beat("hot-list replica")
            await self._take_some()

    async def _reached(self, ends: dict[TopicPartition, int]) -> bool:
        assert self._consumer is not None
        for partition, end in ends.items():
            if await self._consumer.position(partition) < end:
                return False
        return True

    async def _load(self, records: list[ConsumerRecord], load: HotListLoad) -> None:
        """Takes in records of a list that is being loaded: of each entry only what finds it is decoded."""
        for stretch in stretches(records):
            if isinstance(stretch, Skimmed):
                load.put_skimmed(stretch)
            else:
                await self._load_one_by_one(stretch, load)

    async def _load_one_by_one(self, records: Sequence[ConsumerRecord], load: HotListLoad) -> None:
        entries, documents = [], []
        for record in records:
            try:
                if record.value is not None:
                    entries.append(_own(record, Listed))
                    documents.append(record.value)
                    continue
                load.put(entries, documents)
                entries, documents = [], []
                load.remove(_entry_id(record))
            except ContractError as reason:
                await self._dead_letters.bury(record, str(reason))
        load.put(entries, documents)

    async def _take_some(self) -> None:
        for records in await self._poll():
            for record in records:
                await self._take(record)
            metrics.REPLICA_OFFSET.labels(records[-1].partition).set(records[-1].offset + 1)
            metrics.ENTRIES.set(len(self._index))

    async def _take(self, record: ConsumerRecord) -> None:
        try:
            if record.value is None:
                self._index.remove(_entry_id(record))
            else:
                self._index.put(_own(record, HotListEntry), record.value)
        except ContractError as reason:
            await self._dead_letters.bury(record, str(reason))

    async def _poll(self) -> Iterable[list[ConsumerRecord]]:
        assert self._consumer is not None
        polled: dict[TopicPartition, list[ConsumerRecord]]
        polled = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
        return polled.values()


def _own(record: ConsumerRecord, kind: type[AnyListed]) -> AnyListed:
    entry = decode(record.value, kind)
    if record.key != str(entry.id).encode():
        # Under another key it could neither be replaced nor removed by what comes later under its own.
        raise ContractError(f"HotListEntry: the record's key is not its entry's id: {entry.id}")
    return entry


def _entry_id(record: ConsumerRecord) -> uuid.UUID:
    try:
        return uuid.UUID((record.key or b"").decode())
    except ValueError as error:
        raise ContractError("HotListEntry: the key of a tombstone is no entry id") from error
