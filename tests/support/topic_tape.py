"""Reading what comes onto a topic."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from plateward.contracts.topics import Topic

PATIENCE_SECONDS = 30


class TopicTape:
    """What comes onto a topic from the moment that the tape begins."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer, self._records = consumer, list[ConsumerRecord]()

    async def so_far(self) -> list[ConsumerRecord]:
        """All that is on the topic by now; within a key in its order."""
        ends: dict[TopicPartition, int] = await self._consumer.end_offsets(self._consumer.assignment())
        async with asyncio.timeout(PATIENCE_SECONDS):
            while [tp for tp, end in ends.items() if await self._consumer.position(tp) < end]:
                await self._read_on()
        return list(self._records)

    async def until(self, enough: Callable[[list[ConsumerRecord]], bool]) -> list[ConsumerRecord]:
        """What has come once that is enough; raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not enough(self._records):
                await self._read_on()
        return list(self._records)

    async def accesses(self) -> list[AccessRecord]:
        """All access records by now, save those of signing in, with which most tests begin."""
        return [one for one in _records(await self.so_far()) if one.action != "sign-in"]

    async def sign_ins(self) -> list[AccessRecord]:
        """The access records of signing in."""
        return [one for one in _records(await self.so_far()) if one.action == "sign-in"]

    async def accesses_until(self, count: int) -> list[AccessRecord]:
        """The access records, save those of signing in, once there are so many; raises TimeoutError."""
        await self.until(lambda all_: sum(one.action != "sign-in" for one in _records(all_)) >= count)
        return await self.accesses()

    async def _read_on(self) -> None:
        for records in (await self._consumer.getmany(timeout_ms=200)).values():
            self._records.extend(records)


def _records(read: list[ConsumerRecord]) -> list[AccessRecord]:
    return [decode(record.value, AccessRecord) for record in read]


@asynccontextmanager
async def tape_of(topic: Topic, bootstrap_servers: str) -> AsyncIterator[TopicTape]:
    """A tape that begins now."""
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, enable_auto_commit=False) as consumer:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_end()
        for partition in partitions:
            await consumer.position(partition)
        yield TopicTape(consumer)
