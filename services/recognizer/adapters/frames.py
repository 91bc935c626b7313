"""Frames in, reads out: the recogniser's consumer.

It is no `TopicConsumer`, since a frame's effect is not over with the frame: the offset that is committed is that of the
first frame of the oldest open pass, so that after a crash, or when a partition goes to another recogniser, the frames
of open passes come again and make the same passes.
"""

import asyncio
from functools import partial

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, IllegalStateError

from plateward.contracts.topics import FRAMES, RECORD_BYTES_MAX
from plateward.kernel.kafka.connection import connection
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from services.recognizer.adapters.partition import PartitionFrames, Work

log = structlog.get_logger("plateward.recognizer")

GROUP = "plateward-recognizer"

POLL_MS = 100
"""How long to wait for frames before looking for cameras that have fallen silent."""

FRAMES_AT_ONCE = 4
"""Frames taken between two such looks."""


class FramesConsumer:
    """Takes the frames of its share of the partitions, each partition's one after the other."""

    def __init__(self, settings: KafkaSettings, *, work: Work, status: Status) -> None:
        self._settings, self._work, self._status = settings, work, status
        self._partitions: dict[TopicPartition, PartitionFrames] = {}
        self._kept: dict[TopicPartition, tuple[int, str]] = {}
        """What was committed last."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Consumes until told to stop. Open passes are left to whoever comes next."""
        consumer = AIOKafkaConsumer(
            FRAMES.name,
            **connection(self._settings, "recognizer"),
            group_id=GROUP,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=2 * RECORD_BYTES_MAX,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
        )
        groups = AIOKafkaAdminClient(**connection(self._settings, "recognizer"))
        await groups.start()
        try:
            await consumer.start()
            while not stopping.is_set():
                self._status.beat(f"consume {FRAMES.name}")
                await self._take_some(consumer, groups)
        finally:
            await consumer.stop()
            await groups.close()

    async def _take_some(self, consumer: AIOKafkaConsumer, groups: AIOKafkaAdminClient) -> None:
        polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=FRAMES_AT_ONCE)
        for gone in self._partitions.keys() - consumer.assignment():
            del self._partitions[gone]
        for place, records in polled.items():
            for record in records:
                partition = await self._partition(place, record.offset, consumer, groups)
                await partition.take(record)
        for place, partition in self._partitions.items():
            # While frames were looked at, it may have gone to another: its open passes are that one's to end.
            if place in consumer.assignment():
                await partition.close_silent(more_waits=partition.next_offset < (consumer.highwater(place) or 0))
                await self._keep(consumer, place)

    async def _partition(
        self, place: TopicPartition, offset: int, consumer: AIOKafkaConsumer, groups: AIOKafkaAdminClient
    ) -> PartitionFrames:
        """What is known of a partition; nothing where its frames go on elsewhere than where they were left.

        They do when it has been somebody else's in between, or ours anew: its passes are then built from its frames.
        """
        known = self._partitions.get(place)
        if known is None or known.next_offset != offset:
            kept = (await groups.list_consumer_group_offsets(GROUP, partitions=[place])).get(place)
            text = kept.metadata if kept is not None and kept.offset == offset else ""
            known = PartitionFrames(self._work, offset, text, partial(self._keep, consumer, place))
            self._partitions[place] = known
            self._kept[place] = offset, text
        return known

    async def _keep(self, consumer: AIOKafkaConsumer, place: TopicPartition) -> None:
        """Commits how far a partition is done, and beside it what has to be known to go on from there."""
        partition = self._partitions.get(place)
        if partition is None:
            return
        keeping = partition.memory()
        if keeping == self._kept[place]:
            return
        try:
            await consumer.commit({place: keeping})
        except (CommitFailedError, IllegalStateError):
            # It has gone to another member of the group, which begins where we last committed: ids stay the same.
            log.info("commit.lost", partition=place.partition)
        else:
            self._kept[place] = keeping
