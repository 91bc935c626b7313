"""Matcher processes at work: what goes to them and what comes from them."""

import asyncio
import secrets
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer

from plateward.contracts.envelope import Headers, event_headers
from plateward.contracts.event import decode, encode
from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import HITS, HOT_LIST, PLATE_READS, Topic
from plateward.embedded.processes import ProcessGroup
from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from plateward.kernel.settings import KafkaSettings
from plateward.matching.sightings import merged
from plateward.plates.confusion import match_key
from plateward.plates.packed_keys import candidate_keys
from tests.integration.topic_reading import everything_on, has_taken_everything, letters_on
from tests.support.asking import asking
from tests.unit.matcher.events import a_read

PATIENCE_SECONDS = 120

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass(frozen=True)
class Matcher:
    """The process, what goes to it and what comes from it."""

    processes: ProcessGroup
    producer: AIOKafkaProducer
    settings: KafkaSettings
    url: str

    async def stop(self) -> None:
        await self.processes.stop("matcher")

    async def start(self) -> None:
        await self.processes.start("matcher")

    async def put(self, key: object, value: bytes | None) -> None:
        """Changes the hot list, and returns when a matcher that runs has heard of it."""
        sent = await self.producer.send_and_wait(HOT_LIST.name, value, key=str(key).encode())
        if self.processes.pids():
            await until(lambda: self._has_heard(sent.partition, sent.offset))

    async def enter(self, *entries: HotListEntry) -> None:
        for entry in entries:
            await self.put(entry.id, encode(entry))

    async def past_searched(self) -> None:
        """Returns when the past has been searched for all entries: until then a read may be told by the search too."""
        await until(lambda: has_taken_everything(self.settings, HOT_LIST, "matcher-changes"))

    async def send(self, reads: Iterable[PlateRead]) -> None:
        await asyncio.gather(*[await self._read(read.plate, encode(read), candidate_keys(read)) for read in reads])

    async def send_bytes(self, plate: str, value: bytes | None) -> None:
        await (await self._read(plate, value))

    async def _read(self, plate: str, value: bytes | None, extra: Headers | None = None) -> Awaitable[object]:
        headers = event_headers(event_id="e", event_type="t", source="s", time=now(), traceparent=TRACE) + (extra or [])
        sending: Awaitable[object] = await self.producer.send(
            PLATE_READS.name, value, key=match_key(plate).encode(), headers=headers
        )
        return sending

    async def done(self) -> None:
        """Returns when every read on the topic has been taken and committed."""
        await until(lambda: has_taken_everything(self.settings, PLATE_READS, "matcher"))

    async def hits_of(self, *reads: PlateRead) -> list[HitRaised]:
        """All hits of these reads, once everything is done, as whoever merges their records has them."""
        await self.done()
        wanted, hits = {read.id for read in reads}, dict[uuid.UUID, HitRaised]()
        # A look at the past may tell as of the past what is told live in the same moment.
        for hit in await self.raised():
            if hit.read.id in wanted:
                hits[hit.id] = merged(hits[hit.id], hit) if hit.id in hits else hit
        return list(hits.values())

    async def raised(self) -> list[HitRaised]:
        """All hits that matchers have raised so far."""
        ours = ("ce_source", b"plateward/matcher")
        records = await everything_on(self.settings, HITS)
        return [decode(record.value, HitRaised) for record in records if ours in record.headers]

    async def refused(self, topic: Topic) -> dict[bytes | None, str]:
        """What matchers have refused of a topic, and why."""
        letters = await letters_on(self.settings, topic)
        return {letter.original_value(): letter.reason for letter in letters if letter.refused_by == "matcher"}

    async def _has_heard(self, partition: int, offset: int) -> bool:
        return await self._shows(f'plateward_hot_list_replica_offset{{partition="{partition}"}} ', offset)

    async def _shows(self, name: str, offset: int) -> bool:
        """Whether the matcher's metric of this name is past an offset."""
        async with asking() as client:
            metrics = (await client.get(f"{self.url}/metrics")).text
        return any(float(line.removeprefix(name)) > offset for line in metrics.splitlines() if line.startswith(name))


def a_read_now(spelled: str, **changes: object) -> PlateRead:
    """A read of this moment."""
    return a_read(spelled, **({"captured_at": now()} | changes))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(condition)


def plate() -> str:
    """A plate of no other test, without a character that is ever confused."""
    return "".join(secrets.choice("ACEFHKMNPRTUVWXY3479") for _ in range(7))
