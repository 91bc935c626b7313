"""The retention service with a real Kafka, a real PostgreSQL and real files."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr

from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.event import decode, encode
from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import HITS, PLATE_READS, Topic
from plateward.kernel.blobs import Blobs, open_blobs
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.lifecycle import Loop, Running
from plateward.kernel.migrations import Schema, migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.settings import BlobSettings, KafkaSettings
from plateward.kernel.signatures import make_signing_key
from services.retention import factory
from services.retention.settings import RetentionSettings
from tests.support.keys import key_settings
from tests.support.stack import KafkaServer
from tests.unit.retention.events import a_hit, a_read

OWNER = Schema("retention", Path(factory.__file__).parent / "migrations", password="of-the-retention-service")
READER = Schema("gateway", Path("no migrations"), password="of-the-gateway")
PATIENCE_SECONDS = 30

TODAY = now().date()
DAY = TODAY + timedelta(days=20)


@asynccontextmanager
async def pool_as(dsn: str, schema: Schema) -> AsyncIterator[asyncpg.Pool]:
    """Connections as the role of this schema, within the scope of the agency of `a_read`."""
    scoped = f"{dsn_as(dsn, schema)}{'&' if '?' in dsn else '?'}plateward.owners=flagstaff"
    async with database_pool(DatabaseSettings(dsn=SecretStr(scoped)), schema="retention") as pool:
        yield pool


def dsn_as(dsn: str, schema: Schema) -> str:
    url = urlsplit(dsn)
    return url._replace(netloc=f"{schema.role}:{schema.password}@{url.hostname}:{url.port}").geturl()


@pytest.fixture(scope="module")
async def migrated(database: str) -> str:
    await migrate(database, [READER, OWNER])
    return database


@pytest.fixture(scope="module")
async def gateway(migrated: str) -> AsyncIterator[asyncpg.Pool]:
    async with pool_as(migrated, READER) as pool:
        yield pool


@pytest.fixture(scope="module")
async def own(migrated: str) -> AsyncIterator[asyncpg.Pool]:
    async with pool_as(migrated, OWNER) as pool:
        yield pool


@pytest.fixture(scope="module")
def blob_settings(tmp_path_factory: pytest.TempPathFactory) -> BlobSettings:
    return BlobSettings(folder=tmp_path_factory.mktemp("blobs"))


@pytest.fixture(scope="module")
async def kafka_settings(kafka: KafkaServer) -> KafkaSettings:
    settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(settings)
    return settings


@pytest.fixture(scope="module")
async def publisher(kafka_settings: KafkaSettings) -> AsyncIterator[Publisher]:
    async with open_publisher(kafka_settings, source="test") as publisher:
        yield publisher


@pytest.fixture(scope="module")
async def retention(
    kafka_settings: KafkaSettings,
    migrated: str,
    blob_settings: BlobSettings,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Running]:
    """The service at work."""
    signing_key = tmp_path_factory.mktemp("signing") / "signing.pem"
    make_signing_key(signing_key)
    settings = RetentionSettings(
        kafka=kafka_settings,
        database=DatabaseSettings(dsn=SecretStr(dsn_as(migrated, OWNER))),
        blobs=blob_settings,
        keys=key_settings(tmp_path_factory.mktemp("keys")),
        signing_key_file=signing_key,
        ahead_days=1,
    )
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


async def send(publisher: Publisher, topic: Topic, event: PlateRead | HitRaised) -> None:
    """Always under one key: one partition, so that events come in the order in which they were sent."""
    await publisher.publish(topic, event, key="one", event_id=event.id, time=now())


async def found(pool: asyncpg.Pool, view: str, event: PlateRead | HitRaised) -> asyncpg.Record:
    """The event's row, once it is there."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (row := await pool.fetchrow(f"SELECT * FROM {view} WHERE id = $1", event.id)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return row


async def buried(settings: KafkaSettings, topic: Topic, value: bytes) -> DeadLetter:
    """The dead letter of the record with this value, once it is there."""
    async with (
        AIOKafkaConsumer(
            topic.dead.name, bootstrap_servers=settings.bootstrap_servers, auto_offset_reset="earliest"
        ) as consumer,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        async for record in consumer:
            letter = decode(record.value, DeadLetter)
            if letter.original_value() == value:
                return letter
    raise AssertionError("the topic has ended")


async def keys(blobs: Blobs) -> set[str]:
    return {key async for key in blobs.keys("")}


async def test_a_read_published_is_found_by_the_gateway(
    retention: Running, gateway: asyncpg.Pool, own: asyncpg.Pool, publisher: Publisher
) -> None:
    read = a_read()
    await send(publisher, PLATE_READS, read)
    assert dict(await found(gateway, "retention.searchable_reads", read)) == {
        "id": read.id,
        "agency_id": "flagstaff",
        "camera_id": "flagstaff-7",
        "camera_name": "Route 66 at Fanning",
        "latitude": 35.2,
        "longitude": -111.6,
        "bearing_deg": 90.0,
        "captured_at": read.captured_at,
        "plate": "ABO123",
        "match_key": "A80123",
        "confidence": 0.91,
        "state": "AZ",
        "source": "recognizer",
        "plate_image": "plate.jpg",
        "scene_image": "scene.jpg",
        "expires_on": DAY,
        "frames": 1,
        "last_seen_at": None,
        "direction": None,
        "below_threshold": False,
        "make": None,
        "model": None,
        "colour": None,
        "kind": None,
    }
    row = await own.fetchrow("SELECT tableoid::regclass::text AS partition, * FROM reads WHERE id = $1", read.id)
    assert row["partition"] == f"reads_{DAY:%Y%m%d}"
    assert row["frame_id"] == read.frame_id
    document = await own.fetchval("SELECT document FROM read_documents WHERE id = $1", read.id)
    assert msgspec.convert(document, PlateRead) == read


async def test_a_hit_published_is_found_by_the_gateway(
    retention: Running, gateway: asyncpg.Pool, publisher: Publisher
) -> None:
    hit = a_hit(a_read())
    await send(publisher, HITS, hit)
    row = dict(await found(gateway, "retention.searchable_hits", hit))
    assert msgspec.convert(row.pop("document"), HitRaised) == hit
    assert row == {
        "id": hit.id,
        "raised_at": hit.raised_at,
        "read_id": hit.read.id,
        "entry_id": hit.entry.id,
        "entry_agency_id": "barstow",
        "camera_agency_id": "flagstaff",
        "agencies": ["barstow", "flagstaff"],
        "expires_on": DAY,
    }


async def test_what_is_delivered_again_is_stored_once(
    retention: Running, own: asyncpg.Pool, publisher: Publisher
) -> None:
    read, hit, after = a_read(), a_hit(a_read()), a_read()
    for _ in range(3):
        await send(publisher, PLATE_READS, read)
        await send(publisher, HITS, hit)
    last = a_hit(after)
    await send(publisher, PLATE_READS, after)
    await send(publisher, HITS, last)
    await found(own, "reads", after)
    await found(own, "hits", last)
    assert await own.fetchval("SELECT count(*) FROM reads WHERE id = $1", read.id) == 1
    assert await own.fetchval("SELECT count(*) FROM hits WHERE id = $1", hit.id) == 1


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"no JSON", "PlateRead: JSON is malformed"),
        (
            encode(a_read(captured_at=now() - timedelta(days=3), expires_on=TODAY + timedelta(days=30))),
            f"expires_on: {TODAY + timedelta(days=30)} is later than",
        ),
        (encode(a_read(camera_id="a\0b")), "the store cannot hold it: "),
    ],
    ids=["no JSON", "expires too late", "no text"],
)
async def test_what_may_not_be_kept_becomes_a_dead_letter_and_the_next_is_stored(
    retention: Running,
    own: asyncpg.Pool,
    publisher: Publisher,
    kafka_settings: KafkaSettings,
    value: bytes,
    reason: str,
) -> None:
    after = a_read()
    await publisher.send(PLATE_READS.name, key=b"one", value=value, headers=[])
    await send(publisher, PLATE_READS, after)
    await found(own, "reads", after)
    assert (await buried(kafka_settings, PLATE_READS, value)).reason.startswith(reason)


async def test_a_hit_that_may_not_be_kept_becomes_a_dead_letter(
    retention: Running, own: asyncpg.Pool, publisher: Publisher, kafka_settings: KafkaSettings
) -> None:
    stray, after = a_hit(a_read(agency_id="nowhere")), a_hit(a_read())
    await send(publisher, HITS, stray)
    await send(publisher, HITS, after)
    await found(own, "hits", after)
    letter = await buried(kafka_settings, HITS, encode(stray))
    assert letter.reason == "read.agency_id: no profile has the id 'nowhere'"
    assert letter.refused_by == "retention-hits"


@pytest.mark.clause("F15")
async def test_a_read_that_comes_on_its_day_is_not_stored_and_its_images_go(
    retention: Running, own: asyncpg.Pool, publisher: Publisher, blob_settings: BlobSettings
) -> None:
    late, after = a_read(captured_at=now() - timedelta(days=30), expires_on=TODAY), a_read()
    blobs = open_blobs(blob_settings)
    others = f"{TODAY}/flagstaff/{uuid.uuid4()}/plate.jpg"
    await blobs.put(f"{TODAY}/flagstaff/{late.id}/plate.jpg", b"jpeg")
    await blobs.put(others, b"jpeg")
    await send(publisher, PLATE_READS, late)
    await send(publisher, PLATE_READS, after)
    await found(own, "reads", after)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(await keys(blobs)) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await keys(blobs) == {others}
    assert await own.fetchval("SELECT count(*) FROM reads WHERE id = $1", late.id) == 0


async def test_the_gateway_sees_the_views_and_nothing_else(gateway: asyncpg.Pool) -> None:
    for table in ("reads", "read_documents", "hits", "purges", "kept_terms"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await gateway.fetch(f"SELECT 1 FROM retention.{table}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await gateway.execute("DELETE FROM retention.searchable_reads")


async def test_partitions_are_there_before_they_are_needed(retention: Running, own: asyncpg.Pool) -> None:
    expected = {TODAY + timedelta(days=kept + coming) for kept in (30, 365, 730) for coming in (0, 1)}
    names = {f"{table}_{day:%Y%m%d}" for table in ("reads", "read_documents", "hits") for day in expected}
    async with asyncio.timeout(PATIENCE_SECONDS):
        while names - {name for (name,) in await own.fetch("SELECT inhrelid::regclass::text FROM pg_inherits")}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_the_service_says_how_it_is(retention: Running) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(retention.app), base_url="http://retention") as client:
        assert (await client.get("/readyz")).json() == {"ready": True, "missing": []}
        assert (await client.get("/healthz")).status_code == 200
        assert "plateward_retention_kept_total" in (await client.get("/metrics")).text
