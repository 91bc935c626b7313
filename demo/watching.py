"""Watching the line from outside: what Kafka says became of the frames, and what a console sees over SSE."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import msgspec
from aiokafka import AIOKafkaConsumer

from demo.tally import Tally
from plateward.contracts.event import ContractError, decode
from plateward.contracts.frames import FrameOutcome
from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import FRAME_OUTCOMES, PLATE_READS


class Noticing:
    """Wakes whoever waits for the tally to change."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def notice(self) -> None:
        """Something has changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool], patience_seconds: float) -> bool:
        """Waits until the condition holds; False when nothing at all has changed for this long."""
        while not condition():
            try:
                await asyncio.wait_for(self._changed.wait(), patience_seconds)
            except TimeoutError:
                return condition()
        return True


@asynccontextmanager
async def watching_topics(kafka: str, tally: Tally, noticing: Noticing) -> AsyncIterator[None]:
    """While it lasts, new outcomes and reads go into the tally."""
    consumer = AIOKafkaConsumer(
        FRAME_OUTCOMES.name, PLATE_READS.name, bootstrap_servers=kafka, auto_offset_reset="latest"
    )
    await consumer.start()
    await consumer.seek_to_end()
    for partition in consumer.assignment():
        await consumer.position(partition)
    task = asyncio.create_task(_follow_topics(consumer, tally, noticing))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
        await consumer.stop()


async def _follow_topics(consumer: AIOKafkaConsumer, tally: Tally, noticing: Noticing) -> None:
    async for record in consumer:
        # What does not parse is the services' to bury, and no reason to stop watching.
        with contextlib.suppress(ContractError):
            if record.topic == FRAME_OUTCOMES.name:
                outcome = decode(record.value, FrameOutcome)
                tally.outcomes[outcome.frame_id] = outcome
            else:
                tally.take_read(decode(record.value, PlateRead))
            noticing.notice()


@asynccontextmanager
async def watching_hits(gateway: str, token: str, tally: Tally, noticing: Noticing) -> AsyncIterator[None]:
    """While it lasts, a console of this token's person is subscribed to the hits and notes those that arrive."""
    subscribed = asyncio.Event()
    task = asyncio.create_task(_follow_hits(gateway, token, tally, noticing, subscribed))
    try:
        await asyncio.wait_for(subscribed.wait(), 30)
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _follow_hits(gateway: str, token: str, tally: Tally, noticing: Noticing, subscribed: asyncio.Event) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=gateway, trust_env=False, timeout=httpx.Timeout(10, read=15)) as client:
        last_event_id: str | None = None
        while True:
            resume = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
            try:
                async with client.stream("GET", "/v1/hits/stream", headers=headers | resume) as stream:
                    stream.raise_for_status()
                    subscribed.set()
                    async for event_id, hit in _hits_in(stream.aiter_lines()):
                        last_event_id = event_id
                        tally.take_hit(hit, asyncio.get_running_loop().time())
                        noticing.notice()
            except httpx.TransportError:
                await asyncio.sleep(0.5)


async def _hits_in(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, HitRaised]]:
    event: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            event[name] = value.removeprefix(" ")
            continue
        if event.get("event") == "hit":
            yield event["id"], msgspec.convert(json.loads(event["data"])["hit"], HitRaised)
        event = {}
