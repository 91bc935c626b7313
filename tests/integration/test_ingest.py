"""Ingest with real Kafka and PostgreSQL, over HTTP as cameras have it."""

import asyncio
import hashlib
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from msgspec.structs import replace
from pydantic import SecretStr

import services.ingest
from plateward.contracts.cameras import CameraStatus
from plateward.contracts.envelope import header
from plateward.contracts.event import decode
from plateward.contracts.frames import FRAME_BYTES_MAX, Frame, frame_id
from plateward.contracts.topics import CAMERA_STATUS, FRAMES, Topic
from plateward.embedded.child import Child
from plateward.embedded.ports import free_port
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.lifecycle import Loop, http_server
from plateward.kernel.migrations import Schema, migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.problems import PROBLEM_JSON
from plateward.kernel.settings import HttpSettings, KafkaSettings
from services.ingest import factory
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.cameras import key_hash
from services.ingest.frame_check import check_image
from services.ingest.settings import IngestSettings
from tests.support.cameras import BY, PLACE, a_camera, a_key
from tests.support.stack import KafkaServer
from tests.unit.ingest.pictures import jpeg, noise, png, png_bomb, soft
from tests.unit.ingest.test_folder import put

KEY = secrets.token_urlsafe(32)
CAMERA = a_camera(f"camera-{secrets.token_hex(4)}", KEY)
OUT_OF_SERVICE = replace(CAMERA, camera_id=f"{CAMERA.camera_id}-out", out_of_service=BY)
OF_FOLDER = replace(CAMERA, camera_id=f"{CAMERA.camera_id}-folder")
FRAME = jpeg(soft(640, 480))
LARGE = jpeg(noise(1_900, 1_500), 95)
AUTHORISED = {"Authorization": f"Bearer {KEY}"}
PASSWORD = secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Ingest:
    """A running ingest: a client of it, and what it stands on."""

    client: httpx.AsyncClient
    settings: IngestSettings
    folder: Path

    async def send(self, picture: bytes, camera: str = CAMERA.camera_id, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(f"/v1/cameras/{camera}/frames", content=picture, headers=AUTHORISED | named)


@pytest.fixture(scope="module")
async def migrated(database: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database with ingest's schema, as the superuser's DSN."""
    ours = Schema("ingest", Path(services.ingest.__path__[0]) / "migrations", PASSWORD)
    await migrate(database, [ours, Schema("gateway", tmp_path_factory.mktemp("none"))])
    return database


@pytest.fixture(scope="module")
def settings(kafka: KafkaServer, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> IngestSettings:
    folder = tmp_path_factory.mktemp("frames")
    sources = folder / "sources.yaml"
    sources.write_text(f"[{{camera: {OF_FOLDER.camera_id}, folder: {folder}, frames_per_second: 10}}]")
    own = urlsplit(migrated)
    dsn = own._replace(netloc=f"plateward_ingest:{PASSWORD}@{own.hostname}:{own.port}").geturl()
    return IngestSettings(
        kafka=KafkaSettings(bootstrap_servers=kafka.bootstrap_servers),
        database=DatabaseSettings(dsn=SecretStr(dsn)),
        http=HttpSettings(port=free_port()),
        acknowledge_seconds_max=2.0,
        frame_bytes_max=8 * 1024 * 1024,
        sources_file=sources,
    )


@pytest.fixture(scope="module")
async def store(settings: IngestSettings) -> AsyncIterator[CameraStore]:
    async with database_pool(settings.database, schema="ingest") as pool:
        yield CameraStore(pool)


@pytest.fixture(scope="module")
async def ingest(settings: IngestSettings, store: CameraStore) -> AsyncIterator[Ingest]:
    await prepare_topics(settings.kafka)
    await store.put([CAMERA, OUT_OF_SERVICE, OF_FOLDER])
    stopping = asyncio.Event()
    async with factory.running(settings) as running, asyncio.TaskGroup() as tasks:
        tasks.create_task(http_server(running.app, settings.http).run_until(stopping))
        for loop in running.loops:
            tasks.create_task(until(loop, stopping))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.http.port}", timeout=30) as client:
            await answering(client)
            assert settings.sources_file
            yield Ingest(client, settings, settings.sources_file.parent)
        stopping.set()


async def until(loop: Loop, stopping: asyncio.Event) -> None:
    await loop(stopping)


async def answering(client: httpx.AsyncClient) -> None:
    """Returns once the server takes connections and is ready."""
    while True:
        try:
            if (await client.get("/readyz")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)


@asynccontextmanager
async def reading(settings: IngestSettings, topic: Topic) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader of what comes on a topic from now on."""
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka.bootstrap_servers, group_id=None)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic.name, partition) for partition in range(topic.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        yield consumer
    finally:
        await consumer.stop()


async def next_of(consumer: AIOKafkaConsumer, camera_id: str) -> ConsumerRecord:
    async with asyncio.timeout(20):
        while (record := await consumer.getone()).key != camera_id.encode():
            pass
        return record


async def test_an_accepted_frame_is_on_the_topic_as_it_was_sent(ingest: Ingest) -> None:
    captured_at = datetime.now(UTC) - timedelta(minutes=5)
    async with reading(ingest.settings, FRAMES) as consumer:
        answer = await ingest.send(FRAME, Captured_At=captured_at.isoformat())
        record = await next_of(consumer, CAMERA.camera_id)
    id_ = frame_id(CAMERA.camera_id, captured_at, hashlib.sha256(FRAME).hexdigest())
    assert answer.status_code == 202
    assert answer.json() == {"frame_id": str(id_), "captured_at": captured_at.isoformat().replace("+00:00", "Z")}
    assert record.value == FRAME
    frame = decode(header(record.headers, "frame").encode(), Frame)
    assert frame == Frame(
        id=id_,
        camera_id=CAMERA.camera_id,
        agency_id="flagstaff",
        place=PLACE,
        captured_at=captured_at,
        received_at=frame.received_at,
        width_px=640,
        height_px=480,
    )
    expected = {
        "ce_specversion": "1.0",
        "ce_id": str(id_),
        "ce_type": "plateward.frame.v1",
        "ce_source": "plateward/ingest",
        "ce_time": captured_at.isoformat(),
        "content-type": "image/jpeg",
    }
    assert {name: header(record.headers, name) for name in expected} == expected


async def test_the_same_frame_twice_has_the_same_id(ingest: Ingest) -> None:
    now = datetime.now(UTC).isoformat()
    first, again = [await ingest.send(FRAME, Captured_At=now) for _ in range(2)]
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()


async def test_the_largest_jpeg_that_fits_goes_on_unchanged(ingest: Ingest) -> None:
    picture = FRAME + bytes(FRAME_BYTES_MAX - len(FRAME))
    async with reading(ingest.settings, FRAMES) as consumer:
        answer = await ingest.send(picture)
        record = await next_of(consumer, CAMERA.camera_id)
    assert answer.status_code == 202
    assert record.value == picture


@pytest.mark.parametrize("picture", [png(soft(320, 240)), LARGE], ids=["png", "large"])
async def test_other_pictures_become_jpegs_that_fit(ingest: Ingest, picture: bytes) -> None:
    async with reading(ingest.settings, FRAMES) as consumer:
        answer = await ingest.send(picture)
        record = await next_of(consumer, CAMERA.camera_id)
    assert answer.status_code == 202
    assert record.value[:3] == b"\xff\xd8\xff"
    assert len(record.value) <= FRAME_BYTES_MAX
    assert check_image(record.value, pixels_max=40_000_000)


def test_the_large_picture_is_large() -> None:
    assert len(LARGE) > 3_000_000


def stamp(delta: timedelta) -> str:
    return (datetime.now(UTC) + delta).isoformat()


@pytest.mark.parametrize(
    ("picture", "headers", "camera", "status", "field", "rule"),
    [
        (FRAME, {"Authorization": "Bearer wrong"}, CAMERA.camera_id, 401, "Authorization", "the key of this camera"),
        (FRAME, {"Authorization": ""}, CAMERA.camera_id, 401, "Authorization", "the key of this camera"),
        (FRAME, {}, "unknown", 401, "Authorization", "the key of this camera"),
        (FRAME, {}, "%00", 401, "Authorization", "the key of this camera"),
        (FRAME, {}, OUT_OF_SERVICE.camera_id, 409, "camera", "must be in service: The roadway."),
        (bytes(8 * 1024 * 1024 + 1), {}, CAMERA.camera_id, 413, "body", "at most 8388608 bytes"),
        (png_bomb(50_000, 50_000), {}, CAMERA.camera_id, 413, "body", "at most 40000000 pixels"),
        (b"", {}, CAMERA.camera_id, 415, "body", "a JPEG or a PNG"),
        (b"GIF89a" + bytes(20), {"Content-Type": "image/jpeg"}, CAMERA.camera_id, 415, "body", "a JPEG or a PNG"),
        (FRAME[:-1000], {}, CAMERA.camera_id, 422, "body", "to its end-of-image marker"),
        (png(soft(64, 48))[:-1], {}, CAMERA.camera_id, 422, "body", "to its IEND chunk"),
        (FRAME, {"Captured-At": "now"}, CAMERA.camera_id, 422, "Captured-At", "RFC 3339"),
        (FRAME, {"Captured-At": stamp(timedelta(hours=1))}, CAMERA.camera_id, 422, "Captured-At", "60 seconds"),
        (FRAME, {"Captured-At": stamp(-timedelta(hours=25))}, CAMERA.camera_id, 422, "Captured-At", "24 hours"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_refusal_names_the_field_and_the_rule(
    ingest: Ingest, picture: bytes, headers: dict[str, str], camera: str, status: int, field: str, rule: str
) -> None:
    answer = await ingest.send(picture, camera, **headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM_JSON)
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert rule in error["rule"]


async def test_a_body_without_a_length_is_refused(ingest: Ingest) -> None:
    request = ingest.client.build_request("POST", f"/v1/cameras/{CAMERA.camera_id}/frames", headers=AUTHORISED)
    del request.headers["content-length"]
    assert (await ingest.client.send(request)).status_code == 411


async def test_a_body_that_goes_on_and_on_is_refused(ingest: Ingest) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(100_000)

    path = f"/v1/cameras/{CAMERA.camera_id}/frames"
    answer = await ingest.client.post(path, content=endless(), headers=AUTHORISED)
    assert answer.status_code == 413


async def test_a_camera_that_delivers_is_reported(ingest: Ingest, store: CameraStore) -> None:
    camera = replace(CAMERA, camera_id=f"{CAMERA.camera_id}-new")
    await store.put([camera])
    async with reading(ingest.settings, CAMERA_STATUS) as consumer:
        await ingest.send(FRAME, camera.camera_id)
        while True:
            status = decode((await next_of(consumer, camera.camera_id)).value, CameraStatus)
            if status.last_frame_at is not None:  # one without says that it is on file
                break
    assert (status.camera_id, status.agency_id, status.state) == (camera.camera_id, "flagstaff", "working")
    assert status.last_frame_at <= status.at


async def test_a_picture_put_into_a_folder_is_taken(ingest: Ingest) -> None:
    async with reading(ingest.settings, FRAMES) as consumer:
        put(ingest.folder, "1.jpg", FRAME)
        record = await next_of(consumer, OF_FOLDER.camera_id)
    assert record.value == FRAME


async def test_only_a_newer_version_replaces_what_is_on_file(store: CameraStore, ingest: Ingest) -> None:
    camera = replace(CAMERA, camera_id=f"{CAMERA.camera_id}-twice", version=2)
    await store.put([camera])
    await store.put([replace(camera, version=1, keys=(a_key("older"),)), replace(camera, agency_id="barstow")])
    found = await store.find(camera.camera_id)
    assert found is not None
    assert (found.keys_sha256, found.camera.agency_id) == ((key_hash(KEY),), "flagstaff")
    await store.put([replace(camera, version=3, keys=(a_key("newer"),), out_of_service=BY)])
    found = await store.find(camera.camera_id)
    assert found is not None
    assert found.keys_sha256 == (key_hash("newer"),)
    assert found.camera.bar is not None
    assert await store.find("unknown") is None


async def test_the_gateway_sees_where_cameras_are_but_no_keys(migrated: str, ingest: Ingest) -> None:
    session = await asyncpg.connect(migrated)
    try:
        await session.execute("SET ROLE plateward_gateway")
        row = await session.fetchrow("SELECT * FROM ingest.camera_places WHERE id = $1", CAMERA.camera_id)
        assert (row["agency_id"], row["latitude"], "document" in row) == ("flagstaff", 35.2, False)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.fetch("SELECT * FROM ingest.cameras")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.execute("UPDATE ingest.camera_places SET agency_id = 'barstow'")
    finally:
        await session.close()


async def test_metrics_count_what_was_taken_and_refused(ingest: Ingest) -> None:
    async def count(line: str) -> float:
        text = (await ingest.client.get("/metrics")).text
        return float(next((found.split()[-1] for found in text.splitlines() if found.startswith(line)), "0"))

    counters = (
        "plateward_ingest_frames_accepted_total",
        "plateward_ingest_frame_bytes_total",
        'plateward_ingest_frames_refused_total{reason="not-an-image"}',
        "plateward_ingest_acknowledge_seconds_count",
    )
    before = [await count(line) for line in counters]
    await ingest.send(FRAME)
    await ingest.send(b"?")
    after = [await count(line) for line in counters]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, len(FRAME), 1, 1]


async def test_without_kafka_nothing_is_taken_until_it_is_back(ingest: Ingest, kafka: KafkaServer) -> None:
    await kafka.stop()
    try:
        answer = await ingest.send(FRAME)
        ready = await ingest.client.get("/readyz")
    finally:
        await kafka.start()
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM_JSON)
    assert int(answer.headers["retry-after"]) > 0
    assert ready.json()["missing"] == ["kafka"]
    assert await status_once_kafka_answers(ingest) == 202


async def status_once_kafka_answers(ingest: Ingest) -> int:
    """What a frame is answered with once it is no more 503: the producer may take a moment to find Kafka again."""
    for _ in range(10):
        answer = await ingest.send(FRAME)
        if answer.status_code != 503:
            break
        await asyncio.sleep(float(answer.headers["retry-after"]))
    return answer.status_code


async def test_the_process_starts_and_stops_when_told(settings: IngestSettings, tmp_path: Path, ingest: Ingest) -> None:
    port, log = free_port(), tmp_path / "ingest.log"
    environment = os.environ | {
        "PLATEWARD_KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
        "PLATEWARD_DATABASE_DSN": settings.database.dsn.get_secret_value(),
        "PLATEWARD_HTTP_PORT": str(port),
        "PLATEWARD_INGEST_PIXELS_MAX": "100",
    }
    process = await Child.start([sys.executable, "-m", "services.ingest.main"], log=log, env=environment)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client, asyncio.timeout(30):
            await answering(client)
            answer = await client.post(f"/v1/cameras/{CAMERA.camera_id}/frames", content=FRAME, headers=AUTHORISED)
            assert answer.json()["errors"] == [{"field": "body", "rule": "must have at most 100 pixels"}]
    finally:
        assert await process.stop(first=signal.SIGTERM) == 0, process.log_tail()
    assert KEY not in log.read_text()
