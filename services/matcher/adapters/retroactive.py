"""Comparing new entries with the reads of the past hours, which are on `plate-reads` for a day."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from plateward.contracts.event import AnyValue, ContractError, decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import HITS, PLATE_READS, Topic
from plateward.kernel.clock import now
from plateward.kernel.kafka.connection import connection
from plateward.kernel.kafka.publisher import Publisher
from plateward.kernel.settings import KafkaSettings
from services.matcher import metrics
from services.matcher.adapters.follower import TopicFollower
from services.matcher.adapters.raising import raise_hit
from services.matcher.index import HotListIndex
from services.matcher.past import hits_in_the_past, worth_a_look
from services.matcher.standing import Standing

log = structlog.get_logger("plateward.matcher")

RECORDS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class PastSearch:
    """Searches the past for entries that have come into force; many at once cost as much as one."""

    kafka: KafkaSettings
    standing: Standing
    follower: TopicFollower
    """Of the topics that the standing is from."""
    publisher: Publisher
    window: timedelta

    async def run(self, entries: Sequence[HotListEntry]) -> None:
        """Returns when what matches is raised; raises NotAcknowledged. Done again, it raises nothing twice."""
        # An entry may be heard of before its list is, which came first.
        await self.follower.catch_up()
        at = now()
        since = {one.id: start for one in entries if (start := worth_a_look(one, self.standing, at)) is not None}
        wanted = [one for one in entries if one.id in since]
        if not wanted:
            return
        begin = min(since.values())
        hits = hits_in_the_past(
            await self._reads(wanted, begin),
            wanted,
            await self._told(set(since), begin),
            standing=self.standing,
            window=self.window,
            at=at,
        )
        for hit in hits:
            await raise_hit(self.publisher, hit)
        log.info("past.searched", entries=len(wanted), hits=len(hits))

    async def _reads(self, entries: Sequence[HotListEntry], since: datetime) -> list[PlateRead]:
        index = HotListIndex()
        for entry in entries:
            index.put(entry)
        found = []
        async for records in self._since(PLATE_READS, since):
            metrics.RETROACTIVE_READS.inc(len(records))
            could_match = [records[at] for at in index.may_match(records)]
            found += [read for record in could_match if (read := _decoded(record, PlateRead)) is not None]
        return found

    async def _told(self, entries: set[uuid.UUID], since: datetime) -> list[HitRaised]:
        hits = [_decoded(record, HitRaised) async for records in self._since(HITS, since) for record in records]
        return [hit for hit in hits if hit is not None and hit.entry.id in entries]

    async def _since(self, topic: Topic, since: datetime) -> AsyncIterator[list[ConsumerRecord]]:
        """The records of a topic from a time until its end of this moment, some at a time."""
        async with self._consumer() as consumer:
            partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            starts = await consumer.offsets_for_times(dict.fromkeys(partitions, int(since.timestamp() * 1000)))
            left = {partition for partition, start in starts.items() if start is not None}
            for partition, start in starts.items():
                consumer.seek(partition, ends[partition] if start is None else start.offset)
            while left := {one for one in left if await consumer.position(one) < ends[one]}:
                for records in (await consumer.getmany(*left, timeout_ms=500, max_records=RECORDS_AT_ONCE)).values():
                    yield records
                # The live reads of this process must not wait for the past.
                await asyncio.sleep(0)

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(
            **connection(self.kafka, "matcher-past"),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            yield consumer
        finally:
            await consumer.stop()


def _decoded(record: ConsumerRecord, kind: type[AnyValue]) -> AnyValue | None:
    try:
        return decode(record.value, kind)
    except ContractError:  # whoever takes it from the topic buries it
        return None
