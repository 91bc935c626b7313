"""The measured programs as processes, told one after the other when to begin, so that they meet the same machine."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from plateward.contracts.topics import PLATE_READS

MATCHER_GROUP = "plateward-matcher"


class Program:
    """One of `bench.matcher.programs`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def figures(self) -> dict[str, Any]:
        """What it tells next."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            # Faust writes terminal codes before it.
            _, brace, rest = line.partition(b"{")
            if brace:
                figures: dict[str, Any] = json.loads(brace + rest)
                return figures
        raise SystemExit("a measured program has failed")

    async def run(self) -> dict[str, Any]:
        """Has it begin, and gives what it measured."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()
        return await self.figures()


@asynccontextmanager
async def program(name: str, servers: str, events: int) -> AsyncIterator[Program]:
    """A measured program; it is killed at the end, since it has nothing to lose."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.matcher.programs", name, servers, str(events)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def rewind(servers: str) -> None:
    """Has the matchers' group begin at the first read again."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=MATCHER_GROUP, enable_auto_commit=False)
    await consumer.start()
    partitions = [TopicPartition(PLATE_READS.name, number) for number in range(PLATE_READS.partitions)]
    consumer.assign(partitions)
    await consumer.commit(dict.fromkeys(partitions, 0))
    await consumer.stop()
