"""Frames: what becomes of those that are taken, and of those that are not."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from plateward.contracts.envelope import header
from plateward.contracts.event import decode
from plateward.contracts.frames import FRAME_BYTES_MAX, Frame, frame_id
from plateward.contracts.topics import FRAMES
from plateward.kernel.problems import PROBLEM_JSON
from services.ingest.frame_check import check_image
from tests.integration.ingest.running import (
    AUTHORISED,
    CAMERA,
    FRAME,
    OF_FOLDER,
    OUT_OF_SERVICE,
    Ingest,
    next_of,
    reading,
)
from tests.support.cameras import PLACE
from tests.unit.ingest.pictures import jpeg, noise, png, png_bomb, soft
from tests.unit.ingest.test_folder import put

LARGE = jpeg(noise(1_900, 1_500), 95)


async def test_an_accepted_frame_is_on_the_topic_as_it_was_sent(ingest: Ingest) -> None:
    captured_at = datetime.now(UTC) - timedelta(minutes=5)
    async with reading(ingest.settings, FRAMES) as consumer:
        answer = await ingest.send(FRAME, Captured_At=captured_at.isoformat())
        record = await next_of(consumer, CAMERA.id)
    id_ = frame_id(CAMERA.id, captured_at, hashlib.sha256(FRAME).hexdigest())
    assert answer.status_code == 202
    assert answer.json() == {"frame_id": str(id_), "captured_at": captured_at.isoformat().replace("+00:00", "Z")}
    assert record.value == FRAME
    frame = decode(header(record.headers, "frame").encode(), Frame)
    assert frame == Frame(
        id=id_,
        camera_id=CAMERA.id,
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
        record = await next_of(consumer, CAMERA.id)
    assert answer.status_code == 202
    assert record.value == picture


@pytest.mark.parametrize("picture", [png(soft(320, 240)), LARGE], ids=["png", "large"])
async def test_other_pictures_become_jpegs_that_fit(ingest: Ingest, picture: bytes) -> None:
    async with reading(ingest.settings, FRAMES) as consumer:
        answer = await ingest.send(picture)
        record = await next_of(consumer, CAMERA.id)
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
        (FRAME, {"Authorization": "Bearer wrong"}, CAMERA.id, 401, "Authorization", "the key of this camera"),
        (FRAME, {"Authorization": ""}, CAMERA.id, 401, "Authorization", "the key of this camera"),
        (FRAME, {}, "unknown", 401, "Authorization", "the key of this camera"),
        (FRAME, {}, "%00", 401, "Authorization", "the key of this camera"),
        (FRAME, {}, OUT_OF_SERVICE.id, 409, "camera", "in service"),
        (bytes(8 * 1024 * 1024 + 1), {}, CAMERA.id, 413, "body", "at most 8388608 bytes"),
        (png_bomb(50_000, 50_000), {}, CAMERA.id, 413, "body", "at most 40000000 pixels"),
        (b"", {}, CAMERA.id, 415, "body", "a JPEG or a PNG"),
        (b"GIF89a" + bytes(20), {"Content-Type": "image/jpeg"}, CAMERA.id, 415, "body", "a JPEG or a PNG"),
        (FRAME[:-1000], {}, CAMERA.id, 422, "body", "to its end-of-image marker"),
        (png(soft(64, 48))[:-1], {}, CAMERA.id, 422, "body", "to its IEND chunk"),
        (FRAME, {"Captured-At": "now"}, CAMERA.id, 422, "Captured-At", "RFC 3339"),
        (FRAME, {"Captured-At": stamp(timedelta(hours=1))}, CAMERA.id, 422, "Captured-At", "60 seconds"),
        (FRAME, {"Captured-At": stamp(-timedelta(hours=25))}, CAMERA.id, 422, "Captured-At", "24 hours"),
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
    request = ingest.client.build_request("POST", f"/v1/cameras/{CAMERA.id}/frames", headers=AUTHORISED)
    del request.headers["content-length"]
    assert (await ingest.client.send(request)).status_code == 411


async def test_a_body_that_goes_on_and_on_is_refused(ingest: Ingest) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(100_000)

    path = f"/v1/cameras/{CAMERA.id}/frames"
    answer = await ingest.client.post(path, content=endless(), headers=AUTHORISED)
    assert answer.status_code == 413


async def test_a_picture_put_into_a_folder_is_taken(ingest: Ingest) -> None:
    async with reading(ingest.settings, FRAMES) as consumer:
        put(ingest.folder, "1.jpg", FRAME)
        record = await next_of(consumer, OF_FOLDER.id)
    assert record.value == FRAME


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
