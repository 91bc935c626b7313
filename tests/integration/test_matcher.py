"""The matcher as a process, on a real Kafka: entries and reads in, hits out, through stops, garbage and a crash."""

import asyncio
import secrets
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from plateward.contracts.envelope import Headers, event_headers, header
from plateward.contracts.event import decode, encode
from plateward.contracts.hits import HitRaised, hit_id
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import Candidate, PlateRead
from plateward.contracts.topics import HITS, HOT_LIST, PLATE_READS, Topic
from plateward.embedded.processes import Event, ProcessGroup
from plateward.embedded.readiness import poll_until
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.settings import KafkaSettings
from plateward.plates.confusion import match_key
from plateward.plates.packed_keys import candidate_keys
from tests.integration.topic_reading import everything_on, has_taken_everything, letters_on, reader
from tests.support.stack import KafkaServer
from tests.unit.matcher.events import a_read, an_entry

PATIENCE_SECONDS = 120
BURST = 2_000
BATCH_MAX = 5
"""Small, so that a crash in a burst finds many batches done and many not."""

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
        """All hits of these reads, once everything is done."""
        await self.done()
        wanted = {read.id for read in reads}
        return [hit for hit in await self.raised() if hit.read.id in wanted]

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
        async with httpx.AsyncClient(trust_env=False) as client:
            metrics = (await client.get(f"{self.url}/metrics")).text
        name = f'plateward_hot_list_replica_offset{{partition="{partition}"}} '
        return any(float(line.removeprefix(name)) > offset for line in metrics.splitlines() if line.startswith(name))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(condition)


@pytest.fixture(scope="module")
async def matcher(kafka: KafkaServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Matcher]:
    settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(settings)
    machine = OneMachine(Path(tmp_path_factory.mktemp("machine")), kafka.bootstrap_servers, "postgresql://none")
    program = machine.program("matcher", PLATEWARD_MATCHER_BATCH_MAX=str(BATCH_MAX))
    events: list[Event] = []
    async with (
        AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, enable_idempotence=True) as producer,
        ProcessGroup([program], report=events.append) as processes,
    ):
        await processes.start_all()
        yield Matcher(processes, producer, settings, machine.url("matcher"))


def plate() -> str:
    """A plate of no other test, without a character that is ever confused."""
    return "".join(secrets.choice("ACEFHKMNPRTUVWXY3479") for _ in range(7))


async def test_a_read_of_a_listed_plate_is_a_hit_with_its_envelope(matcher: Matcher) -> None:
    entry = an_entry(plate(), at=now())
    read = a_read(entry.plate)
    await matcher.enter(entry)
    await matcher.send([read, a_read(plate())])
    (hit,) = await matcher.hits_of(read)
    assert (hit.id, hit.read, hit.entry) == (hit_id(read.id, entry.id), read, entry)
    assert (hit.comparison.grade, hit.agencies) == ("exact", ("barstow",))
    (record,) = [one for one in await everything_on(matcher.settings, HITS) if one.key == str(hit.id).encode()]
    assert header(record.headers, "ce_id") == str(hit.id)
    assert header(record.headers, "ce_type") == HitRaised.TYPE
    assert header(record.headers, "ce_source") == "plateward/matcher"
    assert header(record.headers, "traceparent") == TRACE


async def test_a_plate_that_a_reader_confuses_is_a_hit_and_anothers_read_is_none(matcher: Matcher) -> None:
    entry = an_entry(plate()[:6] + "0", at=now())
    confused, anothers = a_read(entry.plate[:6] + "Q"), a_read(entry.plate, agency_id="flagstaff")
    await matcher.enter(entry)
    await matcher.send([confused, anothers])
    hits = await matcher.hits_of(confused, anothers)
    assert [(hit.read.id, hit.comparison.grade) for hit in hits] == [(confused.id, "confusable")]


@pytest.mark.parametrize("restarted", [False, True], ids=["followed", "loaded"])
async def test_weaker_matches_are_hits_that_say_so(matcher: Matcher, restarted: bool) -> None:
    sought = plate()[:6] + "A"
    candidate = Candidate(plate=sought, confidence=0.2)
    reads = {
        "candidate": a_read("0" + sought[1:], candidates=(candidate,)),
        "near-miss": a_read(sought[:3] + sought[4:]),
        "partial": a_read(sought[:5] + "99"),
    }
    entries = (an_entry(sought, at=now(), near_misses=True), an_entry(sought[:5] + "?9*", at=now()))
    await matcher.enter(*entries)
    if restarted:
        await matcher.stop()
        await matcher.start()
    await matcher.send(reads.values())
    hits = {hit.comparison.grade: hit for hit in await matcher.hits_of(*reads.values())}
    assert {grade: hit.read for grade, hit in hits.items()} == reads
    assert hits["candidate"].comparison.candidate == candidate


async def test_a_removed_entry_matches_no_more_and_a_corrected_one_only_its_new_plate(matcher: Matcher) -> None:
    removed, wrong = an_entry(plate(), at=now()), an_entry(plate(), at=now())
    corrected = msgspec.structs.replace(wrong, plate=plate(), version=2)
    await matcher.enter(removed, wrong)
    await matcher.put(removed.id, None)
    await matcher.enter(corrected)
    reads = [a_read(entry.plate) for entry in (removed, wrong, corrected)]
    await matcher.send(reads)
    assert [hit.entry for hit in await matcher.hits_of(*reads)] == [corrected]


async def test_what_changed_while_the_matcher_was_down_holds_before_it_takes_a_read(matcher: Matcher) -> None:
    listed, removed = an_entry(plate(), at=now()), an_entry(plate(), at=now())
    await matcher.enter(removed)
    await matcher.stop()
    await matcher.enter(listed)
    await matcher.put(removed.id, None)
    reads = [a_read(listed.plate), a_read(removed.plate)]
    await matcher.send(reads)
    await matcher.start()
    assert [hit.entry for hit in await matcher.hits_of(*reads)] == [listed]


async def test_garbage_on_either_topic_is_buried_and_the_line_goes_on(matcher: Matcher) -> None:
    entry, timeless = an_entry(plate(), at=now()), an_entry(plate(), at=now())
    garbage = f"no entry {uuid.uuid4()}".encode()
    naive = msgspec.structs.replace(timeless, starts_at=timeless.starts_at.replace(tzinfo=None))
    await matcher.put(uuid.uuid4(), garbage)
    await matcher.put(timeless.id, encode(naive))
    await matcher.put("no id", None)
    await matcher.enter(entry)

    read, unreadable = a_read(entry.plate), f"no read {uuid.uuid4()}".encode()
    undated = encode(a_read(entry.plate, captured_at=read.captured_at.replace(tzinfo=None)))
    bad = [unreadable, undated, None, b'{"x":' + b"[" * 100_000]
    for value in bad:
        await matcher.send_bytes(entry.plate, value)
    await matcher.send([read])
    assert [hit.read for hit in await matcher.hits_of(read)] == [read]

    reads = await matcher.refused(PLATE_READS)
    assert set(bad) <= set(reads)
    assert reads[undated].endswith("timezone component - at `$.captured_at`")
    entries = await matcher.refused(HOT_LIST)
    assert {garbage, encode(naive), None} <= set(entries)
    assert entries[None] == "HotListEntry: the key of a tombstone is no entry id"


async def test_a_kill_in_the_middle_of_a_burst_loses_no_hit(matcher: Matcher) -> None:
    entries = [an_entry(plate(), at=now()) for _ in range(5)]
    await matcher.enter(*entries)
    reads = [a_read(entries[number % 5].plate) for number in range(BURST)]
    expected = {hit_id(read.id, entries[number % 5].id) for number, read in enumerate(reads)}
    async with reader(matcher.settings, HITS) as hits:
        await hits.seek_to_end()
        for partition in hits.assignment():
            await hits.position(partition)
        sending = asyncio.create_task(matcher.send(reads))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await hits.getone()
        matcher.processes.kill("matcher")
        await matcher.processes.ended("matcher")
        await sending
    before = expected & {hit.id for hit in await matcher.raised()}
    assert 0 < len(before) < BURST, "the kill was to come in the middle"

    await matcher.start()
    assert {hit.id for hit in await matcher.hits_of(*reads)} == expected


async def test_told_to_stop_it_ends_well(matcher: Matcher) -> None:
    await matcher.stop()
    assert await matcher.processes.ended("matcher") == 0
