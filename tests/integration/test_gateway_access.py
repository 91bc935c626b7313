"""Each look at the data has two records: one before anything is looked up, one before the answer leaves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest

from plateward.contracts.access import Action
from plateward.contracts.event import derive_id
from tests.support.gateway_at_work import Console, GatewayAtWork, an_entry
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

Look = Callable[[GatewayAtWork, Console], Awaitable[Callable[[], Awaitable[httpx.Response]]]]
"""Prepares what is looked at, and gives the look."""


async def a_search(gateway: GatewayAtWork, console: Console) -> Callable[[], Awaitable[httpx.Response]]:
    await gateway.keep_read("florence", plate="AB0123")
    return lambda: console.http.post("/v1/searches", json=console.search())


async def a_look_at_a_reads_image(gateway: GatewayAtWork, console: Console) -> Callable[[], Awaitable[httpx.Response]]:
    await gateway.keep_read("florence", plate="AB0123")
    answer = (await console.http.post("/v1/searches", json=console.search())).json()
    return lambda: console.http.get(answer["reads"][0]["pictures"]["plate"])


async def a_look_at_the_hits(gateway: GatewayAtWork, console: Console) -> Callable[[], Awaitable[httpx.Response]]:
    await gateway.keep_hit("florence")
    return lambda: console.http.get("/v1/hits?limit=1")


async def a_look_at_a_hits_image(gateway: GatewayAtWork, console: Console) -> Callable[[], Awaitable[httpx.Response]]:
    hit = await gateway.keep_hit("florence")
    return lambda: console.http.get(f"/v1/hits/{hit.id}/images/scene")


async def a_look_at_the_entries(_: GatewayAtWork, console: Console) -> Callable[[], Awaitable[httpx.Response]]:
    return lambda: console.http.get("/v1/hot-list/entries")


async def an_entering(_: GatewayAtWork, console: Console) -> Callable[[], Awaitable[httpx.Response]]:
    return lambda: console.http.post("/v1/hot-list/entries", json=an_entry())


async def a_removal(_: GatewayAtWork, console: Console) -> Callable[[], Awaitable[httpx.Response]]:
    entry = (await console.http.post("/v1/hot-list/entries", json=an_entry())).json()
    return lambda: console.http.delete(f"/v1/hot-list/entries/{entry['id']}")


LOOKS: tuple[tuple[Look, Action, str], ...] = (
    (a_search, "search", "retention.reads"),
    (a_look_at_a_reads_image, "view-image", "retention.reads"),
    (a_look_at_the_hits, "watch-hits", "gateway.hit_feed"),
    (a_look_at_a_hits_image, "view-image", "gateway.hit_feed"),
    (a_look_at_the_entries, "list-entries", "gateway.hot_list_entries"),
    (an_entering, "enter-entry", "gateway.hot_list_entries"),
    (a_removal, "remove-entry", "gateway.hot_list_entries"),
)


@asynccontextmanager
async def locked(gateway: GatewayAtWork, table: str) -> AsyncIterator[None]:
    """Nobody reads or changes this table in the meantime."""
    async with gateway.administrator.acquire() as connection, connection.transaction():
        await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.parametrize(("prepare", "action", "table"), LOOKS, ids=[look.__name__ for look, *_ in LOOKS])
async def test_the_asking_is_durable_before_and_the_outcome_when_the_answer_comes(
    gateway: GatewayAtWork,
    consoles: Mapping[str, Console],
    access_tape: TopicTape,
    prepare: Look,
    action: Action,
    table: str,
) -> None:
    look = await prepare(gateway, consoles["florence"])
    before = len(await access_tape.so_far())
    async with locked(gateway, table):
        answering = asyncio.ensure_future(look())
        asked = (await access_tape.accesses_until(before + 1))[before:]
        assert [(record.phase, record.action, record.results) for record in asked] == [("asked", action, None)]
        assert not answering.done()
    assert (await answering).is_success
    asked_record, answered = (await access_tape.so_far())[before:]
    assert (asked_record.partition, asked_record.offset) < (answered.partition, answered.offset)
    assert asked_record.timestamp <= answered.timestamp
    [first, outcome] = (await access_tape.accesses())[before:]
    assert (outcome.phase, outcome.results, outcome.problem) == ("answered", 1, None) or action == "list-entries"
    assert outcome.access_id == first.access_id
    assert [record.id for record in (first, outcome)] == [
        derive_id("access", first.access_id, phase) for phase in ("asked", "answered")
    ]


async def test_a_look_that_fails_is_recorded_as_failed_and_shows_nothing(
    gateway: GatewayAtWork,
    consoles: Mapping[str, Console],
    access_tape: TopicTape,
) -> None:
    await gateway.keep_read("florence", plate="AB0123")
    console = consoles["florence"]
    await gateway.administrator.execute("REVOKE EXECUTE ON FUNCTION retention.find_reads FROM plateward_gateway")
    try:
        answer = await console.http.post("/v1/searches", json=console.search())
    finally:
        await gateway.administrator.execute("GRANT EXECUTE ON FUNCTION retention.find_reads TO plateward_gateway")
    assert answer.status_code == 500
    assert answer.json() == {"type": "about:blank", "title": "Something went wrong in here", "status": 500}
    asked, failed = await access_tape.accesses()
    assert (failed.phase, failed.problem, failed.results) == ("failed", "InsufficientPrivilegeError", None)
    assert failed.access_id == asked.access_id


@pytest.mark.parametrize("path", ["/v1/searches", "/v1/hits/{id}/images/plate"])
async def test_a_picture_whose_day_has_come_is_no_longer_there(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape, path: str
) -> None:
    console = consoles["florence"]
    if path.startswith("/v1/hits"):
        hit = await gateway.keep_hit("florence")
        read, url = hit.read, path.format(id=hit.id)
    else:
        read = await gateway.keep_read("florence", plate="GONE1")
        found = (await console.http.post("/v1/searches", json=console.search("GONE1"))).json()
        url = found["reads"][0]["pictures"]["plate"]
    assert (await console.http.get(url)).content == (read.images.plate or "").encode()
    await gateway.purge_pictures(read)
    assert (await console.http.get(url)).status_code == 404
    failed = (await access_tape.accesses())[-1]
    assert (failed.action, failed.phase, failed.problem) == ("view-image", "failed", "NoSuchRecord")


async def test_what_is_refused_before_a_look_is_no_look(
    consoles: Mapping[str, Console], gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    dispatcher = await gateway.sign_in(await gateway.register("florence", "Dispatcher"))
    assert (await dispatcher.http.post("/v1/searches", json=dispatcher.search())).status_code == 403
    assert (await dispatcher.http.post("/v1/hot-list/entries", json=an_entry())).status_code == 403
    assert (await consoles["florence"].http.post("/v1/hot-list/entries", json=an_entry(plate="?"))).status_code == 422
    assert await access_tape.accesses() == []
