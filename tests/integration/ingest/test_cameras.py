"""Ingest: the register of cameras, and the process itself."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import decode
from plateward.contracts.topics import CAMERA_STATUS
from plateward.embedded.child import Child
from plateward.embedded.ports import free_port
from plateward.kernel.problems import PROBLEM_JSON
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.cameras import key_hash
from services.ingest.settings import IngestSettings
from tests.integration.ingest.running import (
    AUTHORISED,
    CAMERA,
    FRAME,
    KEY,
    Ingest,
    answering,
    next_of,
    on_file,
    reading,
)
from tests.support.asking import asking
from tests.support.cameras import BY
from tests.support.keys import key_settings
from tests.support.stack import KafkaServer


async def test_a_camera_that_delivers_is_reported(ingest: Ingest, store: CameraStore) -> None:
    camera = replace(CAMERA, id=f"{CAMERA.id}-new")
    await store.put([on_file(camera)])
    async with reading(ingest.settings, CAMERA_STATUS) as consumer:
        await ingest.send(FRAME, camera.id)
        while True:
            status = decode((await next_of(consumer, camera.id)).value, CameraStatus)
            if status.last_frame_at is not None:  # one without says that it is on file
                break
    assert (status.camera_id, status.agency_id, status.state) == (camera.id, "flagstaff", "working")
    assert status.last_frame_at <= status.at


async def test_only_a_newer_version_replaces_what_is_on_file(store: CameraStore, ingest: Ingest) -> None:
    camera = replace(CAMERA, id=f"{CAMERA.id}-twice")
    await store.put([on_file(camera, "second", version=2)])
    await store.put([on_file(camera, "older", version=1), on_file(replace(camera, agency_id="barstow"), version=2)])
    found = await store.find(camera.id)
    assert found is not None
    assert (found.camera, found.keys_sha256) == (camera, (key_hash("second"),))
    await store.put([on_file(camera, "newer", version=3, out_of_service=BY)])
    found = await store.find(camera.id)
    assert found is not None
    assert found.camera.bar is not None
    assert found.keys_sha256 == (key_hash("newer"),)
    assert await store.find("unknown") is None


async def test_the_gateway_sees_where_cameras_are_but_no_keys(migrated: str, ingest: Ingest) -> None:
    session = await asyncpg.connect(migrated)
    try:
        await session.execute("SET ROLE plateward_gateway")
        row = await session.fetchrow("SELECT * FROM ingest.camera_places WHERE id = $1", CAMERA.id)
        assert (row["agency_id"], row["latitude"], "document" in row) == ("flagstaff", 35.2, False)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.fetch("SELECT * FROM ingest.cameras")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.execute("UPDATE ingest.camera_places SET agency_id = 'barstow'")
    finally:
        await session.close()


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
    keys = key_settings(tmp_path)
    environment = os.environ | {
        "PLATEWARD_KEYS_FILE": str(keys.file),
        "PLATEWARD_KEYS_FOLDER": str(keys.folder),
        "PLATEWARD_KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
        "PLATEWARD_DATABASE_DSN": settings.database.dsn.get_secret_value(),
        "PLATEWARD_HTTP_PORT": str(port),
        "PLATEWARD_INGEST_PIXELS_MAX": "100",
        "PLATEWARD_BLOBS_FOLDER": str(tmp_path / "blobs"),
    }
    process = await Child.start([sys.executable, "-m", "services.ingest.main"], log=log, env=environment)
    try:
        async with asking(f"http://127.0.0.1:{port}") as client, asyncio.timeout(30):
            await answering(client)
            answer = await client.post(f"/v1/cameras/{CAMERA.id}/frames", content=FRAME, headers=AUTHORISED)
            assert answer.json()["errors"] == [{"field": "body", "rule": "must have at most 100 pixels"}]
    finally:
        assert await process.stop(first=signal.SIGTERM) == 0, process.log_tail()
    assert KEY not in log.read_text()
