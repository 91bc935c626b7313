"""The access gate: nothing happens between two records that are not both durable."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import anyio
import pytest

from plateward.contracts.access import AccessRecord
from services.gateway.access import WATCHING_HITS, AccessGate, Inquiry, NotRecorded
from tests.unit.gateway.sessions import a_session


@dataclass
class Log:
    """An access log that takes so many records and then no more."""

    takes: int = 2
    records: list[AccessRecord] = field(default_factory=list)

    async def append(self, record: AccessRecord) -> None:
        await asyncio.sleep(0)
        if len(self.records) == self.takes:
            raise NotRecorded
        self.records.append(record)

    @property
    def phases(self) -> list[tuple[str, int | None, str | None]]:
        return [(record.phase, record.results, record.problem) for record in self.records]


def gate_of(log: Log) -> AccessGate:
    return AccessGate(log, lambda: datetime.now(UTC))


def an_inquiry() -> Inquiry:
    return Inquiry(a_session(), "watch-hits", {"hits": "newest 50"}, WATCHING_HITS, ("stockton",), "192.0.2.7")


async def test_without_a_record_of_the_asking_nothing_is_looked_at() -> None:
    log, looked = Log(takes=0), False
    with pytest.raises(NotRecorded):
        async with gate_of(log).look(an_inquiry()):
            looked = True
    assert not looked


async def test_without_a_record_of_the_outcome_there_is_no_answer() -> None:
    log = Log(takes=1)
    with pytest.raises(NotRecorded):
        async with gate_of(log).look(an_inquiry()) as look:
            look.results = 3
    assert log.phases == [("asked", None, None)]


async def test_a_look_is_recorded_with_what_it_found() -> None:
    log = Log()
    async with gate_of(log).look(an_inquiry()) as look:
        assert log.phases == [("asked", None, None)]
        look.results = 3
    assert log.phases[1:] == [("answered", 3, None)]
    assert {record.access_id for record in log.records} == {look.access_id}
    assert len({record.id for record in log.records}) == 2


async def test_a_look_that_fails_is_recorded_by_the_kind_of_its_failure_alone() -> None:
    log = Log()
    with pytest.raises(ValueError, match="7KXR214"):
        async with gate_of(log).look(an_inquiry()):
            raise ValueError("7KXR214 is in this message")
    assert log.phases[1:] == [("failed", None, "ValueError")]


async def test_the_outcome_is_on_its_way_while_the_answer_is_made_and_durable_before_it_leaves() -> None:
    log, durable = Log(), asyncio.Event()

    class Slow(Log):
        async def append(self, record: AccessRecord) -> None:
            if record.phase == "answered":
                sent.set()
                await durable.wait()
            await log.append(record)

    sent, left = asyncio.Event(), asyncio.Event()

    async def answer() -> None:
        async with gate_of(Slow()).look(an_inquiry()) as look:
            await look.found(5)
            assert sent.is_set()
        left.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(answer())
        await sent.wait()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not left.is_set()
        durable.set()
    assert log.phases == [("asked", None, None), ("answered", 5, None)]


async def test_an_answer_whose_outcome_cannot_be_recorded_does_not_leave() -> None:
    async def answer() -> str:
        async with gate_of(Log(takes=1)).look(an_inquiry()) as look:
            await look.found(5)
            return "what was found"

    with pytest.raises(NotRecorded):
        await answer()


async def test_what_was_found_and_could_not_be_shown_is_recorded_once_as_found() -> None:
    log = Log(takes=3)
    with pytest.raises(ValueError, match="template"):
        async with gate_of(log).look(an_inquiry()) as look:
            await look.found(5)
            raise ValueError("template")
    assert log.phases == [("asked", None, None), ("answered", 5, None)]


@pytest.mark.parametrize("results", [0, 7])
async def test_whoever_goes_away_has_seen_what_they_had_seen(results: int) -> None:
    log, looking = Log(), asyncio.Event()

    async def watch() -> None:
        async with gate_of(log).look(an_inquiry()) as look:
            look.results = results
            looking.set()
            await anyio.sleep_forever()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        await looking.wait()
        tasks.cancel_scope.cancel()
    assert log.phases[1:] == [("answered", results, None)]


async def test_a_stream_that_is_thrown_away_is_recorded() -> None:
    log = Log()
    look = gate_of(log).look(an_inquiry())
    (await look.__aenter__()).results = 2
    assert not await look.__aexit__(GeneratorExit, GeneratorExit(), None)
    assert log.phases[1:] == [("answered", 2, None)]
