"""The own lists on their topic, recoveries, silent lists on the desk, hits told again, and why a read was none."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import msgspec
import pytest

from plateward.contracts.event import decode, encode
from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList, ListAlarm
from plateward.contracts.topics import HITS, HOT_LIST, HOT_LISTS, LIST_ALARMS
from plateward.embedded.readiness import poll_until
from plateward.explaining import NotExplained, explained, in_words
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import open_publisher
from plateward.matching.sightings import with_sighting
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.adapters.stores.sharing import PostgresSharing
from tests.integration.topic_reading import everything_on
from tests.support.entering import entered, in_force
from tests.support.gateway_at_work import ACCEPTED, Console, GatewayAtWork
from tests.support.topic_tape import TopicTape
from tests.unit.matcher.events import a_grant
from tests.unit.retention.events import a_hit, a_read

pytest_plugins = ["tests.support.gateway"]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        await poll_until(condition)


async def outbox_is_empty(gateway: GatewayAtWork) -> None:
    """Returns when all changes are on their topics."""

    async def empty() -> bool:
        return not await gateway.administrator.fetchval("SELECT count(*) FROM outbox")

    await until(empty)


async def page(console: Console, path: str) -> str:
    """A page as the person's browser gets it."""
    token = console.http.headers["Authorization"].removeprefix("Bearer ")
    return (await console.http.get(path, headers={"Cookie": f"{SESSION_COOKIE}={token}"})).text


async def stated(gateway: GatewayAtWork, agency: str) -> HotList:
    """The agency's own list as it stands on the topic."""
    await outbox_is_empty(gateway)
    records = await everything_on(gateway.settings.kafka, HOT_LISTS)
    return [decode(one.value, HotList) for one in records if one.key == f"{agency}/department".encode()][-1]


async def on_topic(gateway: GatewayAtWork, entry_id: str) -> list[HotListEntry | None]:
    await outbox_is_empty(gateway)
    records = [one for one in await everything_on(gateway.settings.kafka, HOT_LIST) if one.key == entry_id.encode()]
    return [None if one.value is None else decode(one.value, HotListEntry) for one in records]


async def test_an_agencys_own_list_is_stated_with_the_rules_of_its_profile(gateway: GatewayAtWork) -> None:
    barstows, flagstaffs = await stated(gateway, "barstow"), await stated(gateway, "flagstaff")
    assert (barstows.fresh_for_hours, flagstaffs.fresh_for_hours) == (72, None)
    assert barstows.retroactive_hours == 24
    assert "stolen-vehicle" in barstows.designations[0].categories


async def test_each_change_of_an_entry_is_a_new_version_of_its_list(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    before = await stated(gateway, "florence")
    entry = await entered(consoles["florence"])
    after = await stated(gateway, "florence")
    assert (after.version, after.agency_id) == (before.version + 1, "florence")
    await consoles["florence"].http.delete(f"/v1/hot-list/entries/{entry['id']}")
    assert (await stated(gateway, "florence")).version == before.version + 2


@pytest.mark.clause("B20")
async def test_a_recovered_vehicle_is_looked_for_no_more_and_stays_on_the_list(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console, other = consoles["barstow"], consoles["stockton"]
    entry = await in_force(gateway, console)
    path = f"/v1/hot-list/entries/{entry['id']}/recovery"
    assert (await other.http.post(path, json={"found_by": "R. Yazzie"})).status_code == 404
    assert (await console.http.post(path, json={"found_by": " "})).status_code == 422
    assert (await console.http.post(path, json={"found_by": "a\0"})).status_code == 422
    answer = await console.http.post(path, json={"found_by": "R. Yazzie"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["found_by"], answer.json()["version"]) == ("R. Yazzie", 3)

    first, second = await on_topic(gateway, entry["id"])
    assert first is not None
    assert second is not None
    assert (first.suspended_at, second.found_by) == (None, "R. Yazzie")
    assert second.suspended_at is not None

    again = await console.http.post(path, json={"found_by": "Somebody else"})
    assert again.json() == answer.json(), "only the first finder found it"
    listed = (await console.http.get("/v1/hot-list/entries")).json()
    assert answer.json() in listed
    assert "<b>Recovered</b> by R. Yazzie" in await page(console, "/hot-list")


async def test_a_silent_list_is_on_the_desk_while_it_lasts(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    alarm = ListAlarm("kentucky", "ncic", "NCIC", now(), True, now() - timedelta(hours=25), 24)
    async with open_publisher(gateway.settings.kafka, source="matcher") as publisher:
        await publisher.publish(LIST_ALARMS, alarm, key="kentucky/ncic", event_id=uuid.uuid4(), time=alarm.at)

        async def silent() -> bool:
            return bool(await silent_lists(consoles["kentucky"]))

        await until(silent)
        assert "NCIC</b> has not been refreshed and matches nothing" in await page(consoles["kentucky"], "/desk")
        assert await silent_lists(consoles["barstow"]) == []

        ended = msgspec.structs.replace(alarm, silent=False, at=now())
        await publisher.publish(LIST_ALARMS, ended, key="kentucky/ncic", event_id=uuid.uuid4(), time=ended.at)

        async def speaks() -> bool:
            return not await silent_lists(consoles["kentucky"])

        await until(speaks)


async def silent_lists(console: Console) -> list[dict[str, str]]:
    """What the next tick of the console's stream says."""
    async with console.http.stream("GET", "/v1/hits/stream") as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data:") and "silent_lists" in line:
                lists: list[dict[str, str]] = json.loads(line.removeprefix("data:"))["silent_lists"]
                return lists
    raise AssertionError("the stream has ended")


async def test_a_hit_seen_again_is_one_hit_with_both_passes(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    hit = a_hit(a_read(), agencies=("flagstaff", "stockton"), images_withheld_from=("stockton",))
    one, other = with_sighting(hit, a_read()), with_sighting(hit, a_read())
    async with open_publisher(gateway.settings.kafka, source="matcher") as publisher:
        for telling in (hit, one, other, hit):
            await publisher.publish(HITS, telling, key=str(hit.id), event_id=uuid.uuid4(), time=hit.raised_at)

        async def both_are_there() -> bool:
            return len((await seen(consoles["flagstaff"], hit)).sightings) == 2

        await until(both_are_there)
    for_stockton = await seen(consoles["stockton"], hit)
    assert for_stockton.read.images.plate is None
    assert all(one.images.plate is None for one in for_stockton.sightings)
    answer = await consoles["stockton"].http.get(f"/v1/hits/{hit.id}/images/plate")
    assert answer.status_code == 404


async def seen(console: Console, hit: HitRaised) -> HitRaised:
    found = (await console.http.get("/v1/hits")).json()
    ours = [msgspec.convert(one["hit"], HitRaised) for one in found if one["hit"]["id"] == str(hit.id)]
    return ours[0] if ours else hit


async def test_an_explanation_says_of_each_entry_what_held_at_that_moment(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console = consoles["barstow"]
    plate = f"E{uuid.uuid4().hex[:6].upper()}"
    listed, gone, found = [await in_force(gateway, console, plate=plate) for _ in range(3)]
    stocktons = await entered(consoles["stockton"], plate=plate)
    await console.http.delete(f"/v1/hot-list/entries/{gone['id']}")
    await console.http.post(f"/v1/hot-list/entries/{found['id']}/recovery", json={"found_by": "R. Yazzie"})
    read = await gateway.keep_read("barstow", plate=plate, captured_at=now())
    # What changed afterwards was not so at that moment.
    await console.http.delete(f"/v1/hot-list/entries/{listed['id']}")

    asked = {"read_id": str(read.id), "reason": json.loads(encode(ACCEPTED["barstow"]))}
    answer = await console.http.post("/v1/explanations", json=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert {one["entry"]["id"]: one["why"] for one in told["considered"]} == {
        listed["id"]: "hit",
        found["id"]: "suspended",
    }
    assert plate in next(in_words(told))
    assert len(list(in_words(told))) == 3

    # Another agency's list is known only where it is shared.
    grant = a_grant("stockton", "barstow", "lists", list_ids=("department",), starts_at=now() - timedelta(days=1))
    later = msgspec.structs.replace(grant, ends_at=now() + timedelta(days=1))
    await PostgresSharing(gateway.administrator).put(later, read.captured_at - timedelta(seconds=1))
    shared = (await console.http.post("/v1/explanations", json=asked)).json()
    assert {one["entry"]["id"]: one["why"] for one in shared["considered"]}[stocktons["id"]] == "hit"

    stocktons_reason = asked | {"reason": json.loads(encode(ACCEPTED["stockton"]))}
    assert (await consoles["stockton"].http.post("/v1/explanations", json=stocktons_reason)).status_code == 404
    unreasoned = asked | {"reason": {"purpose": "stolen-vehicle", "form": "case", "values": {}}}
    assert (await console.http.post("/v1/explanations", json=unreasoned)).status_code == 422


async def test_asking_why_is_recorded_from_the_command_line_too(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape
) -> None:
    read = await gateway.keep_read("barstow", plate="NOBODYS1", captured_at=now())
    reason = json.loads(encode(ACCEPTED["barstow"]))
    token = consoles["barstow"].http.headers["Authorization"].removeprefix("Bearer ")
    found = await asyncio.to_thread(explained, gateway.url, token, str(read.id), reason)
    assert list(in_words(found))[1] == "no entry that your agency may know could be this plate"
    with pytest.raises(NotExplained, match="no such record"):
        await asyncio.to_thread(explained, gateway.url, token, str(uuid.uuid4()), reason)
    records = await access_tape.accesses_until(4)
    assert [(one.action, one.phase) for one in records] == [
        ("explain", "asked"),
        ("explain", "answered"),
        ("explain", "asked"),
        ("explain", "failed"),
    ]
    assert records[0].query == {"read_id": str(read.id)}
