"""The outbox relay, stopped and started: nothing is lost, and the order stays."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import ConsumerRecord

from plateward.contracts.envelope import header
from plateward.contracts.event import encode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.topics import HOT_LIST
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.postgres import database_pool
from plateward.kernel.status import Status
from services.gateway.adapters.outbox import OutboxRelay
from services.gateway.adapters.stores.hot_list import PostgresHotList
from services.gateway.settings import GatewaySettings
from tests.support.topic_tape import TopicTape, tape_of

pytest_plugins = ["tests.support.gateway"]


@pytest.fixture
async def pool(gateway_settings: GatewaySettings) -> AsyncIterator[asyncpg.Pool]:
    async with database_pool(gateway_settings.database, schema="gateway") as pool:
        yield pool


@pytest.fixture
async def publisher(gateway_settings: GatewaySettings) -> AsyncIterator[Publisher]:
    async with open_publisher(gateway_settings.kafka, source="test") as publisher:
        yield publisher


@pytest.fixture
async def tape(gateway_settings: GatewaySettings) -> AsyncIterator[TopicTape]:
    async with tape_of(HOT_LIST, gateway_settings.kafka.bootstrap_servers) as tape:
        yield tape


def an_entry(number: int) -> HotListEntry:
    at = now()
    return HotListEntry(
        id=uuid4(),
        list_id="department",
        agency_id="stockton",
        plate=f"AB{number}",
        category="stolen-vehicle",
        priority="routine",
        reason="stolen",
        case_number="26-01234",
        entered_by="e",
        requested_by="r",
        contact="c",
        entered_at=at,
        starts_at=at,
        expires_at=at + timedelta(days=1),
        version=1,
    )


@asynccontextmanager
async def relaying(pool: asyncpg.Pool, publisher: Publisher) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    relay = asyncio.create_task(OutboxRelay(pool, publisher, Status()).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await relay


def changes_of(records: list[ConsumerRecord], entry: HotListEntry) -> list[bytes | None]:
    return [record.value for record in records if record.key.decode() == str(entry.id)]


async def test_what_changes_while_the_relay_is_down_comes_in_order_when_it_is_up(
    pool: asyncpg.Pool, publisher: Publisher, tape: TopicTape
) -> None:
    hot_list, entries = PostgresHotList(pool), [an_entry(number) for number in range(250)]
    for entry in entries:
        await hot_list.add(entry)
    for entry in entries[::2]:
        assert await hot_list.remove(entry.id, "stockton", "e", now())
    assert await tape.so_far() == []
    async with relaying(pool, publisher):
        await tape.until(lambda records: len(records) >= 375)
    records = await tape.so_far()
    assert len(records) == 375
    for number, entry in enumerate(entries):
        assert changes_of(records, entry) == ([encode(entry), None] if number % 2 == 0 else [encode(entry)])
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_relay_that_dies_before_it_forgets_sends_the_same_event_again(
    pool: asyncpg.Pool, publisher: Publisher, tape: TopicTape
) -> None:
    entry = an_entry(1)
    await PostgresHotList(pool).add(entry)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE outbox IN SHARE MODE")  # it can be read, but nothing can be deleted
        relay = asyncio.create_task(OutboxRelay(pool, publisher, Status()).run(asyncio.Event()))
        await tape.until(lambda records: len(records) == 1)
        relay.cancel()
        await asyncio.wait({relay})
    async with relaying(pool, publisher):
        await tape.until(lambda records: len(records) == 2)
    first, again = await tape.so_far()
    assert first.value == again.value == encode(entry)
    assert header(first.headers, "ce_id") == header(again.headers, "ce_id")


async def test_two_relays_send_each_change_once(pool: asyncpg.Pool, publisher: Publisher, tape: TopicTape) -> None:
    entries = [an_entry(number) for number in range(50)]
    async with relaying(pool, publisher), relaying(pool, publisher):
        for entry in entries:
            await PostgresHotList(pool).add(entry)
            await PostgresHotList(pool).remove(entry.id, "stockton", "e", now())
        await tape.until(lambda records: len(records) >= 100)
    records = await tape.so_far()
    assert len(records) == 100
    for entry in entries:
        assert changes_of(records, entry) == [encode(entry), None]


async def test_an_entry_added_again_is_sent_once(pool: asyncpg.Pool, publisher: Publisher, tape: TopicTape) -> None:
    entry, last = an_entry(1), an_entry(2)
    await PostgresHotList(pool).add(entry)
    await PostgresHotList(pool).add(entry)
    await PostgresHotList(pool).add(last)
    async with relaying(pool, publisher):
        await tape.until(lambda records: bool(changes_of(records, last)))
    assert len(await tape.so_far()) == 2
