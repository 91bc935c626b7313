"""Edge readers' reports by HTTP, to the topic and into retention's store."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr

from plateward.contracts.envelope import header
from plateward.contracts.event import decode
from plateward.contracts.reads import PlateRead, VehicleDescription
from plateward.contracts.topics import PLATE_READS
from plateward.kernel.images import open_images
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.status import Status
from plateward.plates.confusion import match_key
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.adapters.pass_store import FORGET_AFTER, PassStore
from services.ingest.cameras import Camera
from services.ingest.passing import Marks, Passing
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.read_store import ReadStore
from tests.integration.ingest.running import (
    AUTHORISED,
    CAMERA,
    OUT_OF_SERVICE,
    PASSWORD,
    Ingest,
    on_file,
    reading,
)
from tests.support.cameras import PLACE
from tests.support.edge import sample
from tests.unit.ingest.edge.test_webhooks import multipart
from tests.unit.ingest.pictures import jpeg, soft

SCENE = jpeg(soft(64, 48))


@dataclass(frozen=True)
class Golden:
    """A report, and what the reads in it must say."""

    door: str
    name: str
    source: str
    plates: tuple[str, ...]
    state: str
    vehicle: VehicleDescription
    pictures: tuple[bool, bool]
    """Whether there are pictures of the plate and of the scene."""
    with_picture: bool = False

    def body(self, at: datetime) -> tuple[bytes, str]:
        """What is posted, and its Content-Type."""
        report = sample(self.name, at)
        return multipart(json=report, upload=SCENE) if self.with_picture else (report, "application/json")


def vehicle(make: str, model: str, colour: str, kind: str | None = None) -> VehicleDescription:
    return VehicleDescription(make=make, model=model, colour=colour, kind=kind)


FORD = vehicle("Ford", "F150", "blue", "Pickup Truck")
HONDA = vehicle("honda", "accord", "silver-gray", "sedan-standard")
STREAM = ("plate-recognizer", "plate-recognizer.json", "edge:plate-recognizer", ("BXK7204",), "AZ", FORD)

GOLDEN = [
    Golden("openalpr", "openalpr-group.json", "edge:openalpr", ("7KXR214",), "CA", HONDA, (True, True)),
    Golden(*STREAM, (False, False)),
    Golden(*STREAM, (False, True), with_picture=True),
    Golden(
        *("plate-recognizer", "plate-recognizer-vehicles.json", "edge:plate-recognizer", ("CFZ1188",), "NM"),
        vehicle("Toyota", "RAV4", "red", "SUV"),
        (False, False),
    ),
    Golden(
        *("mapped/export-csv", "export.csv", "edge:mapped", ("LMN8806", "P44RTS"), "AZ"),
        vehicle("Subaru", "Outback", "green"),
        (True, False),
    ),
    Golden(
        *("mapped/export-json", "export.json", "edge:mapped", ("TRV5093",), "UT"),
        vehicle("Mazda", "CX-5", "grey"),
        (False, False),
    ),
]


@pytest.fixture
async def camera(store: CameraStore, request: pytest.FixtureRequest) -> Camera:
    """A camera of its own for each test, so that no test's passings are another's."""
    own = replace(CAMERA, id=f"{CAMERA.id}-{abs(hash(request.node.name)):x}")
    await store.put([on_file(own)])
    return own


async def post(ingest: Ingest, camera: str, door: str, body: bytes, content_type: str) -> httpx.Response:
    headers = AUTHORISED | {"Content-Type": content_type}
    return await ingest.client.post(f"/v1/cameras/{camera}/edge/{door}", content=body, headers=headers)


async def reads_of(consumer: AIOKafkaConsumer, camera: Camera, count: int) -> list[PlateRead]:
    """The next reads of this camera; each record's key is the match key."""
    found: list[PlateRead] = []
    async with asyncio.timeout(20):
        while len(found) < count:
            record = await consumer.getone()
            read = decode(record.value, PlateRead)
            if read.camera_id == camera.id:
                assert record.key == match_key(read.plate).encode()
                assert header(record.headers, "ce_id") == str(read.id)
                found.append(read)
    return found


@asynccontextmanager
async def kept_reads(migrated: str) -> AsyncIterator[tuple[asyncpg.Pool, PartitionStore, ReadStore]]:
    """Retention's own store."""
    own = urlsplit(migrated)
    dsn = own._replace(netloc=f"plateward_retention:{PASSWORD}@{own.hostname}:{own.port}").geturl()
    async with database_pool(DatabaseSettings(dsn=SecretStr(dsn)), schema="retention") as pool:
        yield pool, PartitionStore(pool), ReadStore(pool)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: f"{golden.name}{'-picture' * golden.with_picture}")
async def test_a_report_becomes_reads_and_twice_the_same(
    ingest: Ingest, migrated: str, camera: Camera, golden: Golden
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    count = len(golden.plates)
    async with reading(ingest.settings, PLATE_READS) as consumer:
        answers = [await post(ingest, camera.id, golden.door, *golden.body(at)) for _ in range(2)]
        reads = await reads_of(consumer, camera, 2 * count)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert {read.plate for read in reads} == set(golden.plates)
    first = next(read for read in reads if read.plate == golden.plates[0])
    assert (first.source, first.state, first.vehicle) == (golden.source, golden.state, golden.vehicle)
    assert (first.agency_id, first.place) == ("flagstaff", PLACE)
    assert abs(first.captured_at - at) < timedelta(seconds=2)
    assert first.expires_on == (first.captured_at + timedelta(days=30)).date()
    assert (first.images.plate is not None, first.images.scene is not None) == golden.pictures
    images = open_images(ingest.settings.blobs, ingest.settings.keys)
    for key in (first.images.plate, first.images.scene):
        if key is not None:
            assert key.startswith(f"{first.expires_on}/flagstaff/{first.id}/")
            assert (await images.get(key)).startswith(b"\xff\xd8\xff")
    async with kept_reads(migrated) as (pool, partitions, store):
        await partitions.ensure("reads", {read.expires_on for read in reads})
        assert sum([await store.add([read]) for read in reads]) == count
        rows = await pool.fetch("SELECT plate_image FROM retention.reads WHERE camera_id = $1", camera.id)
    assert len(rows) == count


async def test_frames_and_group_of_a_passing_at_the_same_time_are_one_read(ingest: Ingest, camera: Camera) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    reports = [sample("openalpr-results.json", at + timedelta(milliseconds=ms)) for ms in (0, 300, 700, 1400)]
    reports.append(sample("openalpr-group.json", at))
    answers = await asyncio.gather(
        *(post(ingest, camera.id, "openalpr", report, "application/json") for report in reports)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({read for answer in answers for read in answer.json()["reads"]}) == 1


async def test_the_same_vehicle_an_hour_later_is_another_read(ingest: Ingest, camera: Camera) -> None:
    now = datetime.now(UTC)
    first, later = [
        await post(ingest, camera.id, "openalpr", sample("openalpr-group.json", at), "application/json")
        for at in (now - timedelta(hours=2), now - timedelta(hours=1))
    ]
    assert first.json() != later.json()


async def test_a_camera_out_of_service_is_refused(ingest: Ingest) -> None:
    answer = await post(ingest, OUT_OF_SERVICE.id, "openalpr", sample("openalpr-group.json"), "application/json")
    assert answer.status_code == 409


async def test_reports_at_the_same_moment_agree_on_the_passing(ingest: Ingest, camera: Camera) -> None:
    now, common = datetime.now(UTC), uuid.uuid4()
    reports = [(Marks((uuid.uuid4(), common), ()), Passing(uuid.uuid4(), now)) for _ in range(40)]
    async with database_pool(ingest.settings.database, schema="ingest") as pool:
        passings = PassStore(pool, Status())
        found = await asyncio.gather(*(passings.of(camera.id, marks, fresh) for marks, fresh in reports))
    assert len(set(found)) == 1


async def test_passings_are_forgotten_when_no_report_of_them_would_be_taken(ingest: Ingest, camera: Camera) -> None:
    mark, fresh = Marks((uuid.uuid4(),), ()), Passing(uuid.uuid4(), datetime.now(UTC))
    async with database_pool(ingest.settings.database, schema="ingest") as pool:
        passings = PassStore(pool, Status())
        await passings.of(camera.id, mark, fresh)
        await passings.forget()
        other = replace(fresh, captured_at=fresh.captured_at + timedelta(seconds=1))
        assert await passings.of(camera.id, mark, other) == fresh
        await pool.execute("UPDATE ingest.edge_passings SET seen_at = $1", datetime.now(UTC) - FORGET_AFTER)
        await passings.forget()
        assert await passings.of(camera.id, mark, other) == other
