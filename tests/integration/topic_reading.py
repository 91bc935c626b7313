"""Reading a topic from end to end, and how far a group has come in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.event import decode
from plateward.contracts.topics import Topic
from plateward.kernel.settings import KafkaSettings


@asynccontextmanager
async def reader(settings: KafkaSettings, topic: Topic) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader of all of the topic's partitions, in no group, at their beginning."""
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic.name, number) for number in range(topic.partitions)])
        yield consumer
    finally:
        await consumer.stop()


async def everything_on(settings: KafkaSettings, topic: Topic) -> list[ConsumerRecord]:
    """All records that the topic holds now."""
    async with reader(settings, topic) as consumer:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        records: list[ConsumerRecord] = []
        for partition, end in ends.items():
            while await consumer.position(partition) < end:
                taken = await consumer.getmany(partition, timeout_ms=1_000)
                records += [record for some in taken.values() for record in some]
        return records


async def letters_on(settings: KafkaSettings, topic: Topic) -> list[DeadLetter]:
    """The dead letters of a topic."""
    return [decode(record.value, DeadLetter) for record in await everything_on(settings, topic.dead)]


async def committed(settings: KafkaSettings, topic: Topic, group: str) -> dict[int, int]:
    """The offsets that the group has committed, by partition; partitions without one are absent."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap_servers)
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(f"plateward-{group}")
    finally:
        await admin.close()
    return {tp.partition: at.offset for tp, at in offsets.items() if tp.topic == topic.name and at.offset >= 0}


async def has_taken_everything(settings: KafkaSettings, topic: Topic, group: str) -> bool:
    """Whether the group has committed all that the topic holds now."""
    async with reader(settings, topic) as consumer:
        ends = await consumer.end_offsets(list(consumer.assignment()))
    done = await committed(settings, topic, group)
    return all(done.get(tp.partition, 0) >= end for tp, end in ends.items())
