"""What is measured, each a process of its own that is told over its standard input when to begin."""

import asyncio
import gc
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import faust
import numpy as np
import uvloop
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from numpy.typing import NDArray

from bench.matcher.traffic import the_list
from plateward.contracts.event import decode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.topics import HOT_LIST, PLATE_READS, RECORD_BYTES_MAX
from plateward.kernel.clock import now
from plateward.kernel.kafka.connection import connection
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from plateward.plates.confusion import match_key
from services.matcher.adapters.document_file import DocumentFile
from services.matcher.adapters.follower import TopicFollower
from services.matcher.adapters.loading_beside import LoadingBeside
from services.matcher.adapters.memory import collect_rarely
from services.matcher.adapters.reads import ReadMatcher
from services.matcher.adapters.replica import HotListReplica
from services.matcher.adapters.standing_topics import hit_takes
from services.matcher.index import HotListIndex
from services.matcher.join import Join
from services.matcher.packed_batches import Record
from services.matcher.settings import MatcherSettings
from services.matcher.standing import Standing
from services.matcher.windows import SightingWindows


class Clock:
    """Times what comes after the first batch: joining the group and the first fetch are not what is measured."""

    def __init__(self, events: int) -> None:
        self._left = events
        self._after_first = 0
        self.done = asyncio.Event()

    def batch(self, count: int) -> None:
        """Notes that a batch has been dealt with."""
        self._left -= count
        if not self._after_first:
            self._after_first = self._left
            self._wall, self._cpu = time.perf_counter(), time.process_time()
        elif self._left <= 0:
            self.done.set()

    def figures(self) -> dict[str, float]:
        """Reads a second, by the clock and by the processor's time."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return {"per_s": (self._after_first - self._left) / wall, "per_cpu_s": (self._after_first - self._left) / cpu}


async def floor(settings: KafkaSettings, events: int) -> None:
    """A consumer that drops what it gets."""
    collect_rarely()
    async for _ in _told():
        clock = Clock(events)
        consumer = AIOKafkaConsumer(
            **connection(settings, "floor"), group_id=None, max_partition_fetch_bytes=2 * RECORD_BYTES_MAX
        )
        await consumer.start()
        partitions = [TopicPartition(PLATE_READS.name, number) for number in range(PLATE_READS.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        while not clock.done.is_set():
            polled = await consumer.getmany(timeout_ms=500, max_records=MatcherSettings().batch_max)
            if polled:
                clock.batch(sum(map(len, polled.values())))
        figures = clock.figures()
        await consumer.stop()
        _tell(figures)


async def matcher(settings: KafkaSettings, events: int) -> None:
    """The matcher's own replica and reader of reads, with the hot list as it is now."""
    before, began = _memory(), time.perf_counter()
    cpu = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        collect_rarely()
        documents = DocumentFile(Path(folder))
        index = TimedIndex(documents)
        async with open_publisher(settings, source="matcher") as publisher:
            dead_letters = DeadLetters(publisher, "matcher")
            replica = HotListReplica(settings, index, dead_letters, Status(), beside=LoadingBeside(settings, documents))
            standing = Standing()
            standing.put_list(the_list())
            # Only what its start does: another's hot list grows after it.
            await replica.on_start()
            await replica.on_stop()
            took, cpu = time.perf_counter() - began, time.process_time() - cpu
            collect_rarely()
            _tell(
                {
                    "entries": len(index),
                    "ready_s": took,
                    "ready_cpu_s": cpu,
                    "bytes": _memory() - before,
                    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before,
                }
            )
            async for _ in _told():
                index.clock = Clock(events)
                windows = SightingWindows(timedelta(seconds=MatcherSettings().sighting_window_seconds))
                hits = TopicFollower(settings, "hits", hit_takes(windows), dead_letters, Status(), since=now())
                reads = ReadMatcher(
                    settings,
                    index=index,
                    join=Join(index, standing, windows),
                    hits=hits,
                    publisher=publisher,
                    dead_letters=dead_letters,
                    status=Status(),
                    batch_max=MatcherSettings().batch_max,
                )
                await hits.start()
                await reads.start()
                await index.clock.done.wait()
                figures = index.clock.figures() | {"decoded": index.decoded / events}
                index.decoded = 0
                await reads.stop()
                await hits.stop()
                _tell(figures)


class TimedIndex(HotListIndex):
    """An index that tells a clock when the next batch comes: by then the one before is done with, hits and commit."""

    clock: Clock
    decoded = 0

    def may_match(self, records: Sequence[Record]) -> NDArray[np.intp]:
        found = super().may_match(records)
        self.decoded += len(found)
        self.clock.batch(len(records))
        return found


def agent(settings: KafkaSettings, events: int) -> None:
    """A plain Faust agent with the hot list in a dictionary; it decodes no read that is not in it."""
    hot_list = asyncio.run(_dictionary(settings))
    _tell({"entries": len(hot_list)})
    clock = Clock(events)
    app = faust.App(
        f"bench-agent-{os.getpid()}",
        broker=f"aiokafka://{settings.bootstrap_servers}",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        datadir=tempfile.mkdtemp(),
    )
    topic = app.topic(PLATE_READS.name, key_serializer="raw", value_serializer="raw")

    @app.agent(topic)
    async def match(stream: Any) -> None:
        count = 0
        async for event in stream.events():
            if event.key in hot_list:
                read = json.loads(event.value)
                assert read["plate"]
            count += 1
            if count % 1000 == 0:
                clock.batch(1000)
                if clock.done.is_set():
                    _tell(clock.figures())
                    os._exit(0)

    sys.stdin.readline()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    worker = faust.Worker(app, loop=loop, override_logging=False, redirect_stdouts=False, quiet=True)
    worker.execute_from_commandline()


async def _dictionary(settings: KafkaSettings) -> dict[bytes, HotListEntry]:
    found: dict[bytes, HotListEntry] = {}
    consumer = AIOKafkaConsumer(**connection(settings, "agent"), group_id=None)
    await consumer.start()
    partitions = [TopicPartition(HOT_LIST.name, number) for number in range(HOT_LIST.partitions)]
    consumer.assign(partitions)
    await consumer.seek_to_beginning(*partitions)
    while polled := await consumer.getmany(timeout_ms=3000):
        records: list[ConsumerRecord] = [record for some in polled.values() for record in some]
        for record in records:
            entry = decode(record.value, HotListEntry)
            found[match_key(entry.plate).encode()] = entry
    await consumer.stop()
    return found


async def _told() -> AsyncIterator[None]:
    while await asyncio.to_thread(sys.stdin.readline):
        yield


def _tell(figures: dict[str, float]) -> None:
    print(json.dumps(figures), flush=True)


def _memory() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def main() -> None:
    """`python -m bench.matcher.programs floor|matcher|agent <servers> <events>`."""
    name, servers, events = sys.argv[1:]
    settings = KafkaSettings(bootstrap_servers=servers)
    if name == "agent":
        agent(settings, int(events))
    else:
        uvloop.run({"floor": floor, "matcher": matcher}[name](settings, int(events)))


if __name__ == "__main__":
    main()
