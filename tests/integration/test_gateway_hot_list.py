"""An agency's own hot list over HTTP, and the way of each change through the outbox to the topic."""

import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from plateward.contracts.envelope import header
from plateward.contracts.event import decode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import VehicleDescription
from plateward.contracts.topics import HOT_LIST
from plateward.kernel.clock import now
from services.gateway.settings import GatewaySettings
from tests.support.gateway_at_work import Console, GatewayAtWork, an_entry
from tests.support.stack import KafkaServer
from tests.support.topic_tape import TopicTape, tape_of

pytest_plugins = ["tests.support.gateway"]


@pytest.fixture
async def hot_list_tape(kafka: KafkaServer, gateway_settings: GatewaySettings) -> AsyncIterator[TopicTape]:
    async with tape_of(HOT_LIST, kafka.bootstrap_servers) as tape:
        yield tape


@pytest.fixture(scope="module")
def console(consoles: Mapping[str, Console]) -> Console:
    return consoles["stockton"]


async def test_an_entry_reaches_the_topic_once_and_as_it_was_answered(
    gateway: GatewayAtWork, console: Console, hot_list_tape: TopicTape
) -> None:
    asked = an_entry(state="CA", instructions="Stop only with P/C.", make="Honda", colour="silver")
    answer = await console.http.post("/v1/hot-list/entries", json=asked)
    assert answer.status_code == 201
    [record] = await hot_list_tape.until(lambda records: len(records) == 1)
    await carried(gateway.administrator)
    assert len(await hot_list_tape.so_far()) == 1
    entry = decode(record.value, HotListEntry)
    assert answer.json() == (await console.http.get("/v1/hot-list/entries")).json()[0]
    assert record.key.decode() == str(entry.id) == answer.json()["id"]
    assert entry == HotListEntry(
        id=entry.id,
        list_id="department",
        agency_id="stockton",
        plate="7KXR214",
        category="stolen-vehicle",
        priority="high",
        reason=asked["reason"],
        case_number="26-004417",
        entered_by=console.person.name,
        requested_by="D. Okafor",
        contact="ext. 2214",
        entered_at=entry.entered_at,
        starts_at=entry.entered_at,
        expires_at=entry.expires_at,
        version=1,
        state="CA",
        vehicle=VehicleDescription(make="Honda", colour="silver"),
        instructions="Stop only with P/C.",
    )
    assert entry.expires_at.isoformat() == asked["expires_at"]
    assert header(record.headers, "ce_type") == HotListEntry.TYPE
    assert header(record.headers, "ce_source") == "plateward/gateway"


async def test_a_removal_is_a_tombstone_and_happens_once(
    gateway: GatewayAtWork, console: Console, hot_list_tape: TopicTape
) -> None:
    entry = (await console.http.post("/v1/hot-list/entries", json=an_entry())).json()
    url = f"/v1/hot-list/entries/{entry['id']}"
    assert (await console.http.delete(url)).status_code == 204
    assert (await console.http.delete(url)).status_code == 404
    _, tombstone = await hot_list_tape.until(lambda records: len(records) == 2)
    assert (tombstone.key.decode(), tombstone.value) == (entry["id"], None)
    await carried(gateway.administrator)
    assert len(await hot_list_tape.so_far()) == 2
    assert entry not in (await console.http.get("/v1/hot-list/entries")).json()


async def test_an_entry_whose_time_is_over_is_no_longer_listed(gateway: GatewayAtWork, console: Console) -> None:
    entry = (await console.http.post("/v1/hot-list/entries", json=an_entry(plate="OVER1"))).json()
    await gateway.administrator.execute(
        "UPDATE hot_list_entries SET expires_at = $2 WHERE id = $1", uuid.UUID(entry["id"]), now()
    )
    assert entry not in (await console.http.get("/v1/hot-list/entries")).json()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"plate": "- -"}, {"plate"}),
        ({"category": "speeding"}, {"category"}),
        ({"priority": "urgent"}, {"priority"}),
        ({"state": "California"}, {"state"}),
        ({"state": "ÄÖ"}, {"state"}),
        ({"case_number": " "}, {"case_number"}),
        ({"reason": "\0"}, {"body.reason"}),
        ({"make": "Hon\0da"}, {"body.make"}),
        ({"expires_at": (now() + timedelta(days=31)).isoformat()}, {"expires_at"}),
        ({"expires_at": (now() - timedelta(seconds=1)).isoformat()}, {"expires_at"}),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, {"expires_at"}),
        ({"expires_at": "2026-03-01T09:30:00"}, {"body.expires_at"}),
        ({"contact": None}, {"body.contact"}),
        ({"reason": "", "requested_by": "", "contact": ""}, {"reason", "contact"}),
    ],
)
async def test_an_entry_that_cannot_be_taken_names_each_field(
    gateway: GatewayAtWork, console: Console, changes: dict[str, Any], fields: set[str]
) -> None:
    before = await gateway.administrator.fetchval("SELECT count(*) FROM hot_list_entries")
    answer = await console.http.post("/v1/hot-list/entries", json=an_entry(**changes))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert all(error["rule"] for error in answer.json()["errors"])
    assert await gateway.administrator.fetchval("SELECT count(*) FROM hot_list_entries") == before


async def carried(pool: asyncpg.Pool) -> None:
    """Returns once the outbox is empty: what was in it is on the topic."""
    # FOR UPDATE waits for the relay's transaction, which holds the rows until they are acknowledged.
    assert await pool.fetch("SELECT id FROM outbox FOR UPDATE") == []
