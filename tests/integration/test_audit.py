"""The audit service with a real Kafka and a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr

from plateward.contracts.access import AccessRecord, Actor
from plateward.contracts.canonical import canonical
from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.event import decode, encode
from plateward.contracts.topics import ACCESS
from plateward.embedded.readiness import poll_until
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.key_files import create_key_file
from plateward.kernel.lifecycle import Loop, Running
from plateward.kernel.migrations import Schema, migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import KafkaSettings
from plateward.tlog.hashing import leaf_hash
from plateward.tlog.keys import Role
from services.audit import factory
from services.audit.adapters.log_store import LogStore
from services.audit.appending import Unstorable
from services.audit.settings import AuditSettings
from tests.support.access_log import a_look
from tests.support.stack import KafkaServer

OWNER = Schema("audit", Path(factory.__file__).parent / "migrations", password="of-the-audit-service")
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
async def kafka_settings(kafka: KafkaServer) -> KafkaSettings:
    settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(settings)
    return settings


@pytest.fixture(scope="module")
async def as_owner(database: str) -> str:
    """How the service itself connects."""
    await migrate(database, [OWNER if schema.name == OWNER.name else schema for schema in service_schemas({})])
    url = urlsplit(database)
    return url._replace(netloc=f"{OWNER.role}:{OWNER.password}@{url.hostname}:{url.port}").geturl()


@pytest.fixture(scope="module")
async def pool(as_owner: str) -> AsyncIterator[asyncpg.Pool]:
    async with database_pool(DatabaseSettings(dsn=SecretStr(as_owner)), schema="audit") as pool:
        yield pool


@pytest.fixture(scope="module")
async def publisher(kafka_settings: KafkaSettings) -> AsyncIterator[Publisher]:
    async with open_publisher(kafka_settings, source="test") as publisher:
        yield publisher


@pytest.fixture(scope="module")
async def audit_settings(
    kafka_settings: KafkaSettings, as_owner: str, tmp_path_factory: pytest.TempPathFactory
) -> AuditSettings:
    key_file = tmp_path_factory.mktemp("keys") / "audit.key"
    create_key_file(key_file, "region.example/access", Role.LOG)
    database = DatabaseSettings(dsn=SecretStr(as_owner))
    return AuditSettings(kafka=kafka_settings, database=database, log_key_file=key_file, batch_max=50)


@pytest.fixture(scope="module")
async def audit(audit_settings: AuditSettings) -> AsyncIterator[Running]:
    async with at_work(audit_settings) as running:
        yield running


@asynccontextmanager
async def at_work(settings: AuditSettings) -> AsyncIterator[Running]:
    stopping = asyncio.Event()
    async with factory.running(settings) as running, asyncio.TaskGroup() as tasks:
        for loop in running.loops:
            tasks.create_task(until_stopped(loop, stopping))
        try:
            yield running
        finally:
            stopping.set()


async def until_stopped(loop: Loop, stopping: asyncio.Event) -> None:
    await loop(stopping)


async def send(publisher: Publisher, record: AccessRecord) -> None:
    """Always under one key: one partition, so that records come in the order in which they were sent."""
    await publisher.publish(ACCESS, record, key="flagstaff", event_id=record.id, time=record.at)


async def appended(pool: asyncpg.Pool, record: AccessRecord) -> asyncpg.Record:
    """The record's row, once it is there."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(lambda: pool.fetchval("SELECT EXISTS (SELECT FROM audit.records WHERE id = $1)", record.id))
    return await pool.fetchrow("SELECT * FROM audit.records WHERE id = $1", record.id)


async def buried(settings: KafkaSettings, value: bytes) -> DeadLetter:
    """The dead letter of the record with this value, once it is there."""
    async with (
        AIOKafkaConsumer(
            ACCESS.dead.name, bootstrap_servers=settings.bootstrap_servers, auto_offset_reset="earliest"
        ) as consumer,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        async for record in consumer:
            letter = decode(record.value, DeadLetter)
            if letter.original_value() == value:
                return letter
    raise AssertionError("the topic has ended")


async def assert_gapless(pool: asyncpg.Pool) -> None:
    numbers = [seq for (seq,) in await pool.fetch("SELECT seq FROM audit.records ORDER BY seq")]
    assert numbers == list(range(len(numbers)))


async def test_records_are_numbered_without_gaps_in_the_order_of_their_arrival(
    audit: Running, pool: asyncpg.Pool, publisher: Publisher
) -> None:
    records = [a_look(query={"plate": f"ABC{number}"}) for number in range(120)]
    for record in records:
        await send(publisher, record)
    rows = [await appended(pool, record) for record in records]
    numbers = [row["seq"] for row in rows]
    assert numbers == sorted(numbers), "other tests' records may come between, but none overtakes another"
    assert [row["canonical"] for row in rows] == [canonical(record) for record in records]
    assert all(row["leaf_hash"] == leaf_hash(row["canonical"]) for row in rows)
    assert rows[0]["agency_id"] == "flagstaff"
    await assert_gapless(pool)


async def test_a_record_delivered_again_takes_no_number(
    audit: Running, pool: asyncpg.Pool, publisher: Publisher
) -> None:
    again, after = a_look(), a_look()
    await send(publisher, again)
    before = await appended(pool, again)
    await send(publisher, again)
    await send(publisher, again)
    await send(publisher, after)
    assert (await appended(pool, after))["seq"] > before["seq"]
    assert await appended(pool, again) == before
    await assert_gapless(pool)


async def test_a_record_rewritten_under_its_id_is_refused(
    audit: Running, pool: asyncpg.Pool, publisher: Publisher, kafka_settings: KafkaSettings
) -> None:
    record, after = a_look(), a_look()
    rewritten = msgspec.structs.replace(record, query={"plate": "HARMLESS"})
    await send(publisher, record)
    await send(publisher, rewritten)
    await send(publisher, after)
    letter = await buried(kafka_settings, encode(rewritten))
    assert letter.reason == (
        f"id {record.id}: the log holds a record of this id with other content; nothing in it is rewritten"
    )
    assert (await appended(pool, record))["canonical"] == canonical(record)
    await appended(pool, after)
    await assert_gapless(pool)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b'{"id": ', "AccessRecord: Input data was truncated"),
        (
            encode(a_look(at=datetime(2026, 3, 1))),  # noqa: DTZ001
            "AccessRecord: Expected `datetime` with a timezone component - at `$.at`",
        ),
        (
            encode(a_look(actor=Actor(person_id="p", username="u", name="n", title="t", agency_id="a\0b"))),
            'the log cannot hold it: invalid byte sequence for encoding "UTF8": 0x00',
        ),
    ],
    ids=["no JSON", "no time zone", "no text"],
)
async def test_what_cannot_be_appended_becomes_a_dead_letter_and_the_next_is_appended(
    audit: Running,
    pool: asyncpg.Pool,
    publisher: Publisher,
    kafka_settings: KafkaSettings,
    value: bytes,
    reason: str,
) -> None:
    after = a_look()
    await publisher.send(ACCESS.name, key=b"flagstaff", value=value, headers=[])
    await send(publisher, after)
    await appended(pool, after)
    assert (await buried(kafka_settings, value)).reason == reason
    await assert_gapless(pool)


async def test_a_restarted_service_goes_on_with_the_next_number(
    audit_settings: AuditSettings, pool: asyncpg.Pool, publisher: Publisher, audit: Running
) -> None:
    """A second process beside the first is what a rolling restart looks like."""
    records = [a_look() for _ in range(40)]
    async with at_work(audit_settings):
        for record in records:
            await publisher.publish(ACCESS, record, key=str(record.id), event_id=record.id, time=record.at)
        for record in records:
            await appended(pool, record)
    await assert_gapless(pool)


async def test_two_writers_at_once_leave_no_gap_and_no_record_twice(pool: asyncpg.Pool) -> None:
    records = [a_look() for _ in range(60)]
    batches = [records[start : start + 20] for start in range(0, 60, 10)]
    await asyncio.gather(*(LogStore(pool).append(batch) for batch in batches))
    ids = [record.id for record in records]
    assert await pool.fetchval("SELECT count(*) FROM audit.records WHERE id = ANY($1::uuid[])", ids) == 60
    await assert_gapless(pool)


async def test_a_batch_that_fails_takes_no_number(pool: asyncpg.Pool) -> None:
    good = a_look()
    bad = a_look(actor=Actor(person_id="p", username="u", name="n", title="t", agency_id="a\0b"))
    length = await pool.fetchval("SELECT count(*) FROM audit.records")
    with pytest.raises(Unstorable):
        await LogStore(pool).append([good, bad])
    assert await pool.fetchval("SELECT count(*) FROM audit.records") == length


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit.records SET agency_id = 'barstow'",
        "UPDATE audit.records SET agency_id = 'barstow' WHERE seq = -1",
        "DELETE FROM audit.records",
        "TRUNCATE audit.records",
        "INSERT INTO audit.records SELECT * FROM audit.records ON CONFLICT (seq) DO UPDATE SET agency_id = 'barstow'",
    ],
)
async def test_nothing_appended_is_changed_by_anyone(pool: asyncpg.Pool, database: str, change: str) -> None:
    await LogStore(pool).append([a_look()])
    before = await pool.fetch("SELECT * FROM audit.records ORDER BY seq")
    superuser = await asyncpg.connect(database)
    try:
        await superuser.execute("SET session_replication_role = replica")
        for connection in (pool, superuser):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await connection.execute(change)
    finally:
        await superuser.close()
    assert await pool.fetch("SELECT * FROM audit.records ORDER BY seq") == before


async def test_the_service_says_how_it_is(audit: Running) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(audit.app), base_url="http://audit") as client:
        assert (await client.get("/readyz")).json() == {"ready": True, "missing": []}
        assert (await client.get("/healthz")).status_code == 200
        assert "plateward_audit_records_appended_total" in (await client.get("/metrics")).text
