"""The stream of hits: each hit once and in order, nothing missed across reconnections, and every stream recorded."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest

from plateward.contracts.event import encode
from plateward.contracts.hits import HitRaised
from plateward.contracts.topics import HITS
from plateward.embedded.ports import free_port
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.settings import HttpSettings
from services.gateway.adapters.api import hits as hits_api
from tests.support.gateway_at_work import PATIENCE_SECONDS, Console, GatewayAtWork, gateway_at_work
from tests.support.topic_tape import TopicTape
from tests.unit.retention.events import a_hit, a_read

pytest_plugins = ["tests.support.gateway"]


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event of a stream."""

    kind: str
    id: str | None
    data: Any


class Stream:
    """A stream as a console reads it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer, self._lines = answer, answer.aiter_lines()

    async def next(self, kind: str) -> ServerEvent:
        """The next event of this kind; raises TimeoutError, StopAsyncIteration when the stream has ended."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (event := await self._event()).kind != kind:
                pass
        return event

    async def hits_until(self, last: HitRaised) -> list[str]:
        """The ids of the hits that come, with this one."""
        found: list[str] = []
        while str(last.id) not in found:
            found.append((await self.next("hit")).data["hit"]["id"])
        return found

    async def _event(self) -> ServerEvent:
        fields: dict[str, str] = {}
        while line := await anext(self._lines):
            name, _, value = line.partition(": ")
            fields[name] = value
        return ServerEvent(fields["event"], fields.get("id"), json.loads(fields["data"]))


@asynccontextmanager
async def following(console: Console, after: str | None = None) -> AsyncIterator[Stream]:
    """An open stream: whatever enters the feed from now on comes on it."""
    headers = {} if after is None else {"Last-Event-ID": after}
    async with console.http.stream("GET", "/v1/hits/stream", headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        yield Stream(answer)


@pytest.fixture(scope="module")
async def publisher(gateway: GatewayAtWork) -> AsyncIterator[Publisher]:
    async with open_publisher(gateway.settings.kafka, source="test") as publisher:
        yield publisher


async def publish(publisher: Publisher, *hits: HitRaised) -> None:
    """Always under one key: one partition, so that they come in the order in which they were sent."""
    for hit in hits:
        await publisher.send(HITS.name, key=b"one", value=encode(hit), headers=[])


def hit_for(*agencies: str) -> HitRaised:
    return a_hit(a_read(agency_id=agencies[0]), agencies=agencies)


def ids(*hits: HitRaised) -> list[str]:
    return [str(hit.id) for hit in hits]


async def test_a_hit_that_is_published_comes_on_the_stream(
    consoles: Mapping[str, Console], publisher: Publisher
) -> None:
    hit = hit_for("florence")
    async with following(consoles["florence"]) as stream:
        assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
        await publish(publisher, hit)
        event = await stream.next("hit")
    seen = (await consoles["florence"].http.get("/v1/hits?limit=1")).json()
    assert [event.data] == seen
    assert event.id == str(event.data["sequence"])
    assert event.data["hit"] == json.loads(encode(hit)), "the whole event"


async def test_a_hit_that_is_delivered_again_comes_once(consoles: Mapping[str, Console], publisher: Publisher) -> None:
    hit, last = hit_for("florence"), hit_for("florence")
    async with following(consoles["florence"]) as stream:
        await publish(publisher, hit, hit, hit, last)
        assert await stream.hits_until(last) == ids(hit, last)


async def test_each_agency_sees_its_own(consoles: Mapping[str, Console], publisher: Publisher) -> None:
    one, other, both, last = (
        hit_for("florence"),
        hit_for("stockton"),
        hit_for("florence", "stockton"),
        hit_for("stockton", "florence"),
    )
    async with following(consoles["florence"]) as ours, following(consoles["stockton"]) as theirs:
        await publish(publisher, one, other, both, last)
        assert await ours.hits_until(last) == ids(one, both, last)
        assert await theirs.hits_until(last) == ids(other, both, last)


async def test_a_stream_taken_up_again_has_exactly_what_was_missed_in_order(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console = consoles["florence"]
    async with following(console) as stream:
        first = await gateway.keep_hit("florence")
        seen = await stream.next("hit")
        assert seen.data["hit"]["id"] == str(first.id)
    # More than the stream takes from the feed at a time, and others' between them.
    missed = [await gateway.keep_hit("florence" if number % 2 else "stockton") for number in range(130)]
    async with following(console, after=seen.id) as stream:
        last = await gateway.keep_hit("florence")
        assert await stream.hits_until(last) == ids(*missed[1::2], last)
    async with following(console) as stream:
        newest = await gateway.keep_hit("florence")
        assert await stream.hits_until(newest) == ids(newest), "without Last-Event-ID: from now on"


@pytest.mark.parametrize("last_event_id", ["-1", "one", str(2**63)])
async def test_what_is_no_number_of_a_hit_is_refused(
    consoles: Mapping[str, Console], access_tape: TopicTape, last_event_id: str
) -> None:
    answer = await consoles["florence"].http.get("/v1/hits/stream", headers={"Last-Event-ID": last_event_id})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "header.last-event-id")
    assert await access_tape.accesses() == []


async def test_a_stream_shows_that_it_lives(consoles: Mapping[str, Console]) -> None:
    async with following(consoles["florence"]) as stream:
        first, second = await stream.next("tick"), await stream.next("tick")
    assert datetime.fromisoformat(first.data["at"]) < datetime.fromisoformat(second.data["at"])
    assert first.id is second.id is None, "a tick moves no console's place in the feed"


async def test_a_stream_is_recorded_before_it_opens_and_with_its_count_when_the_console_leaves(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape
) -> None:
    async with following(consoles["florence"]) as stream:
        [asked] = await access_tape.accesses()
        assert (asked.phase, asked.action, asked.query) == ("asked", "watch-hits", {"hits": "as they come"})
        for _ in range(3):
            await gateway.keep_hit("florence")
            await stream.next("hit")
        assert len(await access_tape.accesses()) == 1
    _, outcome = await access_tape.accesses_until(2)
    assert (outcome.access_id, outcome.phase, outcome.results) == (asked.access_id, "answered", 3)


async def test_a_console_that_leaves_before_its_stream_begins_is_recorded_as_well(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape
) -> None:
    async with gateway.administrator.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE hit_feed IN ACCESS EXCLUSIVE MODE")
        opening = asyncio.create_task(consoles["florence"].http.get("/v1/hits/stream"))
        await access_tape.accesses_until(1)
        opening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await opening
    asked, outcome = await access_tape.accesses_until(2)
    assert (outcome.access_id, outcome.phase, outcome.results) == (asked.access_id, "answered", 0)


async def test_a_stream_ends_after_its_time_so_that_rights_are_asked_again(
    consoles: Mapping[str, Console], access_tape: TopicTape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits_api, "STREAM_LASTS_SECONDS", 0.5)
    async with following(consoles["florence"], after="0") as stream:
        await stream.next("tick")
        with pytest.raises(StopAsyncIteration):
            await stream.next("nothing of this kind comes")
    asked, outcome = await access_tape.accesses_until(2)
    assert asked.query == {"hits": "as they come, after 0"}
    assert outcome.phase == "answered"


async def test_open_streams_end_recorded_when_the_gateway_is_told_to_stop(
    gateway: GatewayAtWork, database: str, access_tape: TopicTape
) -> None:
    settings = gateway.settings.model_copy(update={"http": HttpSettings(port=free_port())})
    async with gateway_at_work(settings, database) as leaving:
        console = await leaving.sign_in(await leaving.register("florence"))
        async with following(console) as stream:
            await leaving.keep_hit("florence")
            await stream.next("hit")
            leaving.stopping.set()
            with pytest.raises(StopAsyncIteration):
                await stream.next("nothing of this kind comes")
    _, outcome = await access_tape.accesses()
    assert (outcome.phase, outcome.results) == ("answered", 1)


async def test_two_gateways_show_the_same_feed(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], database: str, publisher: Publisher
) -> None:
    settings = gateway.settings.model_copy(update={"http": HttpSettings(port=free_port())})
    hits = [hit_for("florence") for _ in range(5)]
    async with gateway_at_work(settings, database) as other:
        console = await other.sign_in(consoles["florence"].person)
        async with following(consoles["florence"]) as here, following(console) as there:
            await publish(publisher, *hits)
            assert await here.hits_until(hits[-1]) == ids(*hits)
            assert await there.hits_until(hits[-1]) == ids(*hits)
