"""The matcher as a process, on a real Kafka: entries and reads in, hits out, through stops, garbage and a crash."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from plateward.contracts.envelope import header
from plateward.contracts.event import encode
from plateward.contracts.hits import HitRaised, hit_id
from plateward.contracts.reads import Candidate
from plateward.contracts.topics import HITS, HOT_LIST, HOT_LISTS, PLATE_READS
from plateward.embedded.processes import Event, ProcessGroup
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.settings import KafkaSettings
from tests.integration.topic_reading import everything_on, reader
from tests.support.matchers import PATIENCE_SECONDS, TRACE, Matcher, a_read_now, plate
from tests.support.stack import KafkaServer
from tests.unit.matcher.events import a_list, an_entry

BURST = 2_000
BATCH_MAX = 5
"""Small, so that a crash in a burst finds many batches done and many not."""


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
        for agency in ("barstow", "flagstaff"):
            await producer.send_and_wait(HOT_LISTS.name, encode(a_list(agency)), key=f"{agency}/department".encode())
        await processes.start_all()
        yield Matcher(processes, producer, settings, machine.url("matcher"))


async def test_a_read_of_a_listed_plate_is_a_hit_with_its_envelope(matcher: Matcher) -> None:
    entry = an_entry(plate(), at=now())
    read = a_read_now(entry.plate)
    await matcher.enter(entry)
    await matcher.past_searched()
    await matcher.send([read, a_read_now(plate())])
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
    confused, anothers = a_read_now(entry.plate[:6] + "Q"), a_read_now(entry.plate, agency_id="flagstaff")
    await matcher.enter(entry)
    await matcher.send([confused, anothers])
    hits = await matcher.hits_of(confused, anothers)
    assert [(hit.read.id, hit.comparison.grade) for hit in hits] == [(confused.id, "confusable")]


@pytest.mark.parametrize("restarted", [False, True], ids=["followed", "loaded"])
async def test_weaker_matches_are_hits_that_say_so(matcher: Matcher, restarted: bool) -> None:
    sought = plate()[:6] + "A"
    candidate = Candidate(plate=sought, confidence=0.2)
    reads = {
        "candidate": a_read_now("0" + sought[1:], candidates=(candidate,)),
        "near-miss": a_read_now(sought[:3] + sought[4:], camera_id="main-2"),
        "partial": a_read_now(sought[:5] + "99"),
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
    reads = [a_read_now(entry.plate) for entry in (removed, wrong, corrected)]
    await matcher.send(reads)
    assert [hit.entry for hit in await matcher.hits_of(*reads)] == [corrected]


async def test_what_changed_while_the_matcher_was_down_holds_before_it_takes_a_read_now(matcher: Matcher) -> None:
    listed, removed = an_entry(plate(), at=now()), an_entry(plate(), at=now())
    await matcher.enter(removed)
    await matcher.stop()
    await matcher.enter(listed)
    await matcher.put(removed.id, None)
    reads = [a_read_now(listed.plate), a_read_now(removed.plate)]
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

    read, unreadable = a_read_now(entry.plate), f"no read {uuid.uuid4()}".encode()
    undated = encode(a_read_now(entry.plate, captured_at=read.captured_at.replace(tzinfo=None)))
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
    # Each by a camera of its own, so that each is a hit of its own.
    reads = [a_read_now(entries[number % 5].plate, camera_id=f"camera-{number}") for number in range(BURST)]
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
