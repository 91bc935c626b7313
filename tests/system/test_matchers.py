"""Matchers that are killed, added and removed under load: no read skipped, no hit lost or doubled."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from plateward.contracts.event import decode, encode
from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList, ListAlarm
from plateward.contracts.reads import PlateRead
from plateward.contracts.sharing import SharingAgreement
from plateward.contracts.topics import HITS, HOT_LIST, HOT_LISTS, LIST_ALARMS, SHARING, Topic
from plateward.embedded.processes import Event, ProcessGroup
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.settings import KafkaSettings
from plateward.matching.sightings import merged, reads_of
from tests.integration.topic_reading import letters_on, reader
from tests.support.matchers import PATIENCE_SECONDS, Matcher, a_read_now, plate, until
from tests.support.stack import fresh_kafka
from tests.unit.matcher.events import a_grant, a_join, a_list, a_read, an_entry

PLATES, CAMERAS, PASSES = 8, 5, 60
BATCH_MAX = 20


@dataclasses.dataclass(frozen=True)
class Matchers(Matcher):
    """Two matcher processes on a Kafka of their own; the first runs."""

    async def until_told(self, reads: set[UUID], share: float) -> None:
        """Returns when this share of the reads is in hits."""
        told: set[UUID] = set()
        async with reader(self.settings, HITS) as hits, asyncio.timeout(PATIENCE_SECONDS):
            while len(told) < share * len(reads):
                told |= reads & reads_of(decode((await hits.getone()).value, HitRaised))

    async def held(self, reads: set[UUID]) -> dict[UUID, HitRaised]:
        """The hits on these reads as a consumer that merges them has them, once all reads are done."""
        await self.done()
        hits: dict[UUID, HitRaised] = {}
        for hit in await self.raised():
            if reads_of(hit) & reads:
                hits[hit.id] = merged(hits[hit.id], hit) if hit.id in hits else hit
        return hits

    async def state(self, *lists: HotList) -> None:
        """Puts lists on their topic, and returns when the first matcher, if it runs, has taken them."""
        for one in lists:
            await self._tell(HOT_LISTS, f"{one.agency_id}/{one.list_id}", encode(one))

    async def share(self, agreement: SharingAgreement) -> None:
        """The same of an agreement."""
        await self._tell(SHARING, str(agreement.id), encode(agreement))

    async def _tell(self, topic: Topic, key: str, value: bytes) -> None:
        sent = await self.producer.send_and_wait(topic.name, value, key=key.encode())
        name = f'plateward_followed_offset{{partition="{sent.partition}",topic="{topic.name}"}} '
        if self.processes.pids():
            await until(lambda: self._shows(name, sent.offset))

    async def until_said(self, list_id: str, *, silent: bool) -> None:
        """Returns when a matcher has said so of a list: it holds for the reads from then on."""
        async with reader(self.settings, LIST_ALARMS) as alarms, asyncio.timeout(PATIENCE_SECONDS):
            while True:
                alarm = decode((await alarms.getone()).value, ListAlarm)
                if (alarm.list_id, alarm.silent) == (list_id, silent):
                    return


@asynccontextmanager
async def two_matchers(kafka: str, folder: Path) -> AsyncIterator[Matchers]:
    settings = KafkaSettings(bootstrap_servers=kafka)
    await prepare_topics(settings)
    machines = [OneMachine(folder / str(number), kafka, "postgresql://none") for number in range(2)]
    programs = [
        dataclasses.replace(machine.program("matcher", PLATEWARD_MATCHER_BATCH_MAX=str(BATCH_MAX)), name=name)
        for name, machine in zip(("matcher", "another"), machines, strict=True)
    ]
    events: list[Event] = []
    async with (
        AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True) as producer,
        ProcessGroup(programs, report=events.append) as processes,
    ):
        matchers = Matchers(processes, producer, settings, machines[0].url("matcher"))
        await matchers.state(a_list("barstow"), a_list("stockton"))
        await processes.start("matcher")
        yield matchers


@pytest.fixture(scope="module")
async def matchers(docker_answers: bool, embedded_folder: Path) -> AsyncIterator[Matchers]:
    folder = embedded_folder / "matchers"
    async with (
        fresh_kafka(docker_answers, folder / "kafka") as kafka,
        two_matchers(kafka.bootstrap_servers, folder) as running,
    ):
        yield running


def traffic(entries: list[HotListEntry], begin: datetime) -> list[PlateRead]:
    """Each listed vehicle past each camera, every twenty seconds: three passes or four are within the window."""
    return [
        a_read_now(entry.plate, captured_at=begin + timedelta(seconds=20 * number), camera_id=f"camera-{camera}")
        for number in range(PASSES)
        for entry in entries
        for camera in range(CAMERAS)
    ]


async def test_killed_added_and_removed_under_load_they_tell_each_pass_in_its_hit_and_once(matchers: Matchers) -> None:
    entries = [an_entry(plate(), at=now()) for _ in range(PLATES)]
    await matchers.enter(*entries)
    reads = traffic(entries, now() - timedelta(minutes=30))
    ids = {read.id for read in reads}

    async def load() -> None:
        for start in range(0, len(reads), 100):
            await matchers.send(reads[start : start + 100])

    sending = asyncio.create_task(load())
    await matchers.until_told(ids, 0.05)
    await matchers.processes.start("another")
    await matchers.until_told(ids, 0.2)
    matchers.processes.kill("matcher")
    await matchers.processes.ended("matcher")
    await matchers.until_told(ids, 0.4)
    await matchers.processes.start("matcher")
    await matchers.until_told(ids, 0.6)
    await matchers.processes.stop("another")
    await sending

    # One matcher that nobody disturbs, as the model: the same hits, by id, and the same passes in each.
    alone = a_join(*entries)
    expected: dict[UUID, HitRaised] = {}
    for read in reads:
        for hit in alone.hits_of(read, now()):
            expected[hit.id] = hit
    held = await matchers.held(ids)
    assert {identity: reads_of(hit) for identity, hit in held.items()} == {
        identity: reads_of(hit) for identity, hit in expected.items()
    }
    assert sum(len(reads_of(hit)) for hit in held.values()) == len(reads)


async def test_a_search_of_the_past_that_is_killed_is_done_again_and_tells_all_once_as_of_the_past(
    matchers: Matchers,
) -> None:
    entry = an_entry(plate(), at=now())
    entry = msgspec.structs.replace(entry, starts_at=now())
    passed = now() - timedelta(minutes=20)
    past = [a_read_now(entry.plate, captured_at=passed, camera_id=f"camera-{number}") for number in range(1_500)]
    ids = {read.id for read in past}
    await matchers.send(past)
    await matchers.done()
    await matchers.put(entry.id, encode(entry))
    await matchers.until_told(ids, 0.01)
    matchers.processes.kill("matcher")
    await matchers.processes.ended("matcher")
    before = await matchers.held(ids)
    await matchers.processes.start("matcher")
    await matchers.until_told(ids, 1.0)
    hits = await matchers.held(ids)
    assert len(before) <= len(hits) == len(past)
    assert all(hit.retroactive for hit in hits.values())

    live = a_read_now(entry.plate)
    await matchers.send([live])
    (hit,) = (await matchers.held({live.id})).values()
    assert not hit.retroactive


async def test_an_entry_that_starts_later_is_looked_for_in_the_past_once_it_starts(matchers: Matchers) -> None:
    entry = msgspec.structs.replace(an_entry(plate(), at=now()), starts_at=now() + timedelta(seconds=4))
    read = a_read_now(entry.plate, captured_at=now() - timedelta(minutes=5))
    await matchers.send([read])
    await matchers.done()
    await matchers.enter(entry)
    await matchers.until_told({read.id}, 1.0)
    (hit,) = (await matchers.held({read.id})).values()
    assert hit.retroactive
    assert hit.raised_at >= entry.starts_at


async def test_a_list_that_is_not_refreshed_matches_nothing_and_says_so_until_it_is(matchers: Matchers) -> None:
    stale = a_list(list_id="ncic", fresh_for_hours=72, refreshed_at=now() - timedelta(hours=73))
    await matchers.state(stale)
    await matchers.until_said("ncic", silent=True)
    entry = an_entry(plate(), at=now(), list_id="ncic")
    await matchers.enter(entry)
    unheard, heard = a_read_now(entry.plate), a_read_now(entry.plate, camera_id="main-2")
    await matchers.send([unheard])
    assert await matchers.held({unheard.id}) == {}
    await matchers.state(msgspec.structs.replace(stale, refreshed_at=now(), version=8))
    await matchers.until_said("ncic", silent=False)
    await matchers.send([heard])
    (hit,) = (await matchers.held({heard.id})).values()
    assert hit.list is not None
    assert (hit.list.version, hit.read.id) == (8, heard.id)


async def test_a_list_is_shared_where_the_agreement_says_so_and_no_longer_than_it_does(matchers: Matchers) -> None:
    entry = an_entry(plate(), at=now(), agency_id="stockton")
    await matchers.enter(entry)
    before, during, after = (a_read_now(entry.plate, camera_id=f"camera-{number}") for number in range(3))
    await matchers.send([before])
    assert await matchers.held({before.id}) == {}

    times = {"starts_at": now() - timedelta(hours=1), "ends_at": now() + timedelta(hours=1)}
    grant = a_grant("stockton", "barstow", "lists", list_ids=("department",), **times)
    await matchers.share(grant)
    await matchers.send([during])
    (hit,) = (await matchers.held({during.id})).values()
    assert hit.agencies == ("barstow",), "its own camera is not Stockton's to know of"

    await matchers.share(msgspec.structs.replace(grant, suspended_at=now()))
    await matchers.send([after])
    assert await matchers.held({after.id}) == {}


async def test_what_is_under_a_key_that_is_not_its_own_is_refused(matchers: Matchers) -> None:
    entry, other = an_entry(plate(), at=now()), an_entry(plate(), at=now())
    await matchers.producer.send_and_wait(HOT_LIST.name, encode(entry), key=str(other.id).encode())
    await matchers.enter(other)
    read = a_read(entry.plate, captured_at=now())
    await matchers.send([read])
    assert await matchers.held({read.id}) == {}
    reasons = [letter.reason for letter in await letters_on(matchers.settings, HOT_LIST)]
    assert f"HotListEntry: the record's key is not its entry's id: {entry.id}" in reasons
