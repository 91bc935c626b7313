"""Putting many records on a topic, a batch at a time: what a producer does record by record would take minutes."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from aiokafka import AIOKafkaProducer

from plateward.contracts.envelope import Headers, event_headers
from plateward.contracts.event import derive_id, encode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import HOT_LIST, PLATE_READS, Topic
from plateward.plates.confusion import match_key
from plateward.plates.packed_keys import candidate_keys

_BATCH = 500

Sent = tuple[bytes, bytes, Headers]


async def put_entries(producer: AIOKafkaProducer, entries: Iterable[tuple[bytes, bytes]], now: datetime) -> None:
    """Puts entries on the hot list, as the gateway's outbox does."""
    headers = event_headers(event_id="0" * 36, event_type=HotListEntry.TYPE, source="plateward/gateway", time=now)
    await _put(producer, HOT_LIST, ((key, value, headers) for key, value in entries))


async def put_reads(producer: AIOKafkaProducer, reads: Iterable[PlateRead]) -> None:
    """Puts reads on their topic, as the recogniser does."""
    await _put(producer, PLATE_READS, map(sent_read, reads))


def sent_read(read: PlateRead) -> Sent:
    """The record of a read: key, value, headers."""
    headers = event_headers(
        event_id=str(derive_id("told", read.id, read.frames)),
        event_type=read.TYPE,
        source="plateward/recognizer",
        time=read.captured_at,
    )
    return match_key(read.plate).encode(), encode(read), headers + candidate_keys(read)


async def _put(producer: AIOKafkaProducer, topic: Topic, records: Iterable[Sent]) -> None:
    sending = []
    for number, some in enumerate(_batches(records)):
        batch = producer.create_batch()
        for key, value, headers in some:
            if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
                raise ValueError("the producer's batches are too small")
        batch.close()
        sending.append(await producer.send_batch(batch, topic.name, partition=number % topic.partitions))
        if len(sending) == 4 * topic.partitions:
            for one in sending:
                await one
            sending = []
    for one in sending:
        await one


def _batches(records: Iterable[Sent]) -> Iterator[list[Sent]]:
    rest = iter(records)
    while some := list(islice(rest, _BATCH)):
        yield some
