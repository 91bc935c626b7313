"""How long from a read being produced to its hit being consumed, at a thousand reads a second."""

import asyncio
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.matcher.filling import sent_read
from bench.matcher.traffic import reads
from plateward.contracts.event import decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.topics import HITS, PLATE_READS
from plateward.kernel.clock import now

READS_PER_S = 1_000
HIT_EVERY = 20
"""More often than on the road, so that there are enough of them to speak of a hundredth."""

_BURSTS_PER_S = 100


async def latencies(servers: str, seconds: int) -> list[float]:
    """Milliseconds, sorted. The producer, too, acknowledges with all replicas."""
    begun: dict[str, float] = {}
    took: list[float] = []
    consumer = AIOKafkaConsumer(HITS.name, bootstrap_servers=servers, auto_offset_reset="latest")
    await consumer.start()
    await consumer.seek_to_end()
    for partition in consumer.assignment():
        await consumer.position(partition)
    listening = asyncio.create_task(_listen(consumer, begun, took))
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all", enable_idempotence=True) as producer:
        await _produce(producer, begun, READS_PER_S * seconds)
    await asyncio.wait({listening}, timeout=5)
    listening.cancel()
    await consumer.stop()
    return sorted(took)


async def _produce(producer: AIOKafkaProducer, begun: dict[str, float], count: int) -> None:
    records = [(str(read.id), sent_read(read)) for read in reads(count, now(), hit_every=HIT_EVERY, salt="latency")]
    burst = READS_PER_S // _BURSTS_PER_S
    start = time.perf_counter()
    for first in range(0, len(records), burst):
        await asyncio.sleep(max(0.0, start + first / READS_PER_S - time.perf_counter()))
        for read_id, (key, value, headers) in records[first : first + burst]:
            begun[read_id] = time.perf_counter()
            await producer.send(PLATE_READS.name, value, key=key, headers=headers)


async def _listen(consumer: AIOKafkaConsumer, begun: dict[str, float], took: list[float]) -> None:
    async for record in consumer:
        at = time.perf_counter()
        hit = decode(record.value, HitRaised)
        # Once for each read: a hit is told again, with the same read, when its vehicle is seen once more.
        if (since := begun.pop(str(hit.read.id), None)) is not None:
            took.append(1000 * (at - since))
