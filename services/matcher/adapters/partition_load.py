"""Reading partitions of the hot list from their beginning to where they ended when that was asked."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from plateward.contracts.event import ContractError, decode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.topics import HOT_LIST
from plateward.kernel.kafka.connection import connection
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.settings import KafkaSettings
from services.matcher.listed import Listed
from services.matcher.loading import HotListLoad
from services.matcher.skimming import Skimmed, stretches

AnyListed = TypeVar("AnyListed", Listed, HotListEntry)

POLL_MS = 500
RECORDS_AT_ONCE = 2_000
"""No more than the processor has at hand when they are looked at."""

Offsets = Mapping[int, int]
"""An offset for each partition, by its number."""


def replica_consumer(settings: KafkaSettings) -> AIOKafkaConsumer:
    """A consumer in no group: every replica reads all partitions."""
    return AIOKafkaConsumer(**connection(settings, "matcher-replica"), group_id=None, enable_auto_commit=False)


def hot_list_partition(number: int) -> TopicPartition:
    """A partition of the hot list."""
    return TopicPartition(HOT_LIST.name, number)


async def load_partitions(
    settings: KafkaSettings, ends: Offsets, load: HotListLoad, dead_letters: DeadLetters
) -> dict[int, int]:
    """Puts all that these partitions hold before these ends into the load; how far each was read."""
    # A consumer for this alone: one that is assigned other partitions while it fetches was seen to wait for ever.
    async with replica_consumer(settings) as consumer:
        partitions = [hot_list_partition(number) for number in ends]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        return await _read(consumer, ends, load, dead_letters)


async def _read(
    consumer: AIOKafkaConsumer, ends: Offsets, load: HotListLoad, dead_letters: DeadLetters
) -> dict[int, int]:
    while True:
        reached = {number: await consumer.position(hot_list_partition(number)) for number in ends}
        if all(reached[number] >= end for number, end in ends.items()):
            return reached
        polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
        for records in polled.values():
            await _load(records, load, dead_letters)


async def _load(records: list[ConsumerRecord], load: HotListLoad, dead_letters: DeadLetters) -> None:
    """Of each entry only what finds it is decoded."""
    for stretch in stretches(records):
        if isinstance(stretch, Skimmed):
            load.put_skimmed(stretch)
        else:
            await _load_one_by_one(stretch, load, dead_letters)


async def _load_one_by_one(records: Sequence[ConsumerRecord], load: HotListLoad, dead_letters: DeadLetters) -> None:
    entries, documents = [], []
    for record in records:
        try:
            if record.value is not None:
                entries.append(own_entry(record, Listed))
                documents.append(record.value)
                continue
            load.put(entries, documents)
            entries, documents = [], []
            load.remove(removed_id(record))
        except ContractError as reason:
            await dead_letters.bury(record, str(reason))
    load.put(entries, documents)


def own_entry(record: ConsumerRecord, kind: type[AnyListed]) -> AnyListed:
    """The entry of a record, whose key is its id; raises ContractError."""
    entry = decode(record.value, kind)
    if record.key != str(entry.id).encode():
        # Under another key it could neither be replaced nor removed by what comes later under its own.
        raise ContractError(f"HotListEntry: the record's key is not its entry's id: {entry.id}")
    return entry


def removed_id(record: ConsumerRecord) -> uuid.UUID:
    """The id of the entry that a tombstone takes off the list; raises ContractError."""
    try:
        return uuid.UUID((record.key or b"").decode())
    except ValueError as error:
        raise ContractError("HotListEntry: the key of a tombstone is no entry id") from error
