"""The doors for edge readers: what comes through them, and what does not."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from plateward.contracts.cameras import CameraPlace
from plateward.kernel.problems import PROBLEM_JSON
from plateward.policy.cameras import Bar
from services.ingest.adapters.images import DecodingThreads
from services.ingest.cameras import RegisteredCamera
from tests.support.edge import AT, document, sample
from tests.unit.ingest.doors import CAMERA, KEY
from tests.unit.ingest.edge.doors import EdgeIngest
from tests.unit.ingest.pictures import jpeg, png_bomb, soft, with_dimensions

SCENE = jpeg(soft(64, 48))
GROUP = sample("openalpr-group.json")


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def multipart(**parts: bytes) -> tuple[bytes, str]:
    request = httpx.Request("POST", "http://x", files={name: (name, data) for name, data in parts.items()})
    return request.read(), request.headers["content-type"]


def group(**changes: Any) -> bytes:
    return json.dumps(document("openalpr-group.json") | changes).encode()


def error(answer: httpx.Response) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == PROBLEM_JSON
    (one,) = answer.json()["errors"]
    return answer.status_code, one["field"], one["rule"]


async def test_a_report_is_published_with_its_pictures_kept(edge: EdgeIngest) -> None:
    answer = await edge.post("openalpr", GROUP)
    (read,) = edge.reads.published
    assert (answer.status_code, answer.json()) == (200, {"reads": [str(read.id)]})
    assert set(edge.pictures.kept) == {read.images.plate, read.images.scene}
    assert edge.heard.cameras == [CAMERA.id]


@pytest.mark.parametrize("authorisation", [f"Bearer {KEY}", f"bearer  {KEY}", basic(CAMERA.id, KEY)])
async def test_both_ways_to_show_the_key(edge: EdgeIngest, authorisation: str) -> None:
    assert (await edge.post("openalpr", GROUP, Authorization=authorisation)).status_code == 200


@pytest.mark.parametrize(
    "authorisation",
    ["", "Bearer wrong", basic("camera-2", KEY), basic(CAMERA.id, "wrong"), "Basic ???", "Basic /w==", f"Token {KEY}"],
)
async def test_without_the_key_nothing_is_taken(edge: EdgeIngest, authorisation: str) -> None:
    answer = await edge.post("openalpr", GROUP, Authorization=authorisation)
    assert error(answer)[:2] == (401, "Authorization")
    assert "Basic" in answer.headers["www-authenticate"]
    assert not edge.reads.published


async def test_a_key_in_the_address_opens_nothing(edge: EdgeIngest) -> None:
    answer = await edge.client.post(f"/v1/cameras/{CAMERA.id}/edge/openalpr?key={KEY}", content=GROUP)
    assert answer.status_code == 401


async def test_an_unknown_camera_looks_like_a_wrong_key(edge: EdgeIngest) -> None:
    assert (await edge.post("openalpr", GROUP, camera="camera-2")).status_code == 401


async def test_all_reports_of_one_passing_are_one_read(edge: EdgeIngest) -> None:
    for name in ("openalpr-results.json", "openalpr-group.json", "openalpr-group.json"):
        assert (await edge.post("openalpr", sample(name))).status_code == 200
    assert len({(read.id, read.captured_at, read.expires_on) for read in edge.reads.published}) == 1


async def test_where_groups_alone_are_taken_frames_are_answered_and_left_alone(edge: EdgeIngest) -> None:
    frame, passing = [
        await edge.post("openalpr/groups", sample(name)) for name in ("openalpr-results.json", "openalpr-group.json")
    ]
    assert (frame.status_code, frame.json()) == (200, {"reads": []})
    (read,) = edge.reads.published
    assert passing.json() == {"reads": [str(read.id)]}


async def test_a_group_that_comes_first_is_the_same_read(edge: EdgeIngest) -> None:
    for name in ("openalpr-group.json", "openalpr-results.json"):
        await edge.post("openalpr", sample(name))
    assert len({read.id for read in edge.reads.published}) == 1


async def test_what_could_not_be_published_stays_the_same_read(edge: EdgeIngest) -> None:
    edge.reads.unavailable = True
    answer = await edge.post("openalpr", GROUP)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    edge.reads.unavailable = False
    first, again = [(await edge.post("openalpr", GROUP)).json() for _ in range(2)]
    assert first == again


async def test_a_webhook_with_its_picture(edge: EdgeIngest) -> None:
    body, content_type = multipart(json=sample("plate-recognizer.json"), upload=SCENE)
    assert (await edge.post("plate-recognizer", body, Content_Type=content_type)).status_code == 200
    (read,) = edge.reads.published
    assert read.images.plate is None
    assert edge.pictures.kept == {read.images.scene: SCENE}


PART = b'--x\r\nContent-Disposition: form-data; name="json"\r\n\r\n{}\r\n'


def many_parts(count: int) -> bytes:
    return b"".join(PART.replace(b'"json"', b'"p%d"' % number) for number in range(count)) + b"--x--\r\n"


@pytest.mark.parametrize(
    ("body", "content_type", "field"),
    [
        (*multipart(upload=SCENE), "json"),
        (*multipart(json=sample("plate-recognizer.json"), upload=SCENE[:-9]), "upload"),
        (*multipart(json=sample("plate-recognizer.json"), upload=b"GIF89a"), "upload"),
        (multipart(upload=SCENE)[0][:-30], multipart(upload=SCENE)[1], "body"),
        (b"--x\r\n\r\n1\r\n--x--\r\n", "multipart/form-data; boundary=x", "body"),
        (b"", "multipart/form-data", "Content-Type"),
        (PART * 2 + b"--x--\r\n", "multipart/form-data; boundary=x", "body"),
        (many_parts(21), "multipart/form-data; boundary=x", "body"),
    ],
)
async def test_a_webhook_that_is_not_whole(edge: EdgeIngest, body: bytes, content_type: str, field: str) -> None:
    answer = await edge.post("plate-recognizer", body, Content_Type=content_type)
    assert answer.status_code in (415, 422)
    assert error(answer)[1] == field
    assert not edge.reads.published


@pytest.mark.parametrize("name", ["export.csv", "export.json"])
async def test_other_devices_by_their_mapping(edge: EdgeIngest, name: str) -> None:
    assert (await edge.post(f"mapped/{name.replace('.', '-')}", sample(name))).status_code == 200
    assert {read.source for read in edge.reads.published} == {"edge:mapped"}
    assert all(read.vehicle is not None and read.vehicle.make for read in edge.reads.published)


async def test_a_mapping_that_is_not_there(edge: EdgeIngest) -> None:
    assert error(await edge.post("mapped/other", b"{}"))[:2] == (404, "mapping")


@pytest.mark.parametrize(
    ("body", "status", "field", "rule"),
    [
        (b"", 400, "body", "one whole JSON document"),
        (GROUP[:-20], 400, "body", "one whole JSON document"),
        (b"\xff\xfe", 400, "body", "one whole JSON document"),
        (b"[" * 100_000, 400, "body", "nested"),
        (b"[]", 422, "body", "object"),
        (b"null", 422, "body", "object"),
        (GROUP.replace(b'"best_confidence": 95.5', b'"best_confidence": NaN'), 400, "body", "JSON"),
        (GROUP.replace(b'"best_confidence": 95.5', b'"best_confidence": 1e999'), 400, "body", "JSON"),
        (group(best_plate_number="- -"), 422, "best_plate_number", "1 to 12 letters"),
        (bytes(200_001), 413, "body", "at most 200000 bytes"),
        (group(vehicle_crop_jpeg=base64.b64encode(b"text").decode()), 415, "vehicle_crop_jpeg", "a JPEG or a PNG"),
        (group(vehicle_crop_jpeg=base64.b64encode(SCENE[:-9]).decode()), 422, "vehicle_crop_jpeg", "end-of-image"),
        (
            group(vehicle_crop_jpeg=base64.b64encode(png_bomb(50_000, 50_000)).decode()),
            413,
            "vehicle_crop_jpeg",
            "pixels",
        ),
        (
            group(vehicle_crop_jpeg=base64.b64encode(with_dimensions(SCENE, 60_000, 60_000)).decode()),
            413,
            "vehicle_crop_jpeg",
            "pixels",
        ),
        (
            sample("openalpr-group.json", AT + timedelta(seconds=62)),
            422,
            "best_plate_number",
            "60 seconds in the future",
        ),
        (sample("openalpr-group.json", AT - timedelta(hours=25)), 422, "best_plate_number", "24 hours ago"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_refusal_names_the_field_and_the_rule(
    edge: EdgeIngest, body: bytes, status: int, field: str, rule: str
) -> None:
    answer = await edge.post("openalpr", body)
    assert error(answer)[:2] == (status, field)
    assert rule in error(answer)[2]
    assert "7KXR" not in answer.text
    assert not edge.reads.published


async def test_one_bad_read_keeps_the_whole_report_out(edge: EdgeIngest) -> None:
    report = document("openalpr-results.json")
    report["results"].append(report["results"][0] | {"plate": "?"})
    answer = await edge.post("openalpr", json.dumps(report).encode())
    assert error(answer)[:2] == (422, "results[1]")
    assert not edge.reads.published
    assert not edge.pictures.kept


async def test_a_camera_out_of_service(images: DecodingThreads) -> None:
    edge = EdgeIngest(images, replace(CAMERA, bar=Bar("out-of-service", "must be in service")))
    assert error(await edge.post("openalpr", GROUP))[:2] == (409, "camera")


async def test_a_camera_whose_agency_has_no_policy(images: DecodingThreads) -> None:
    edge = EdgeIngest(images, replace(CAMERA, agency_id="nobody"))
    assert error(await edge.post("openalpr", GROUP))[:2] == (409, "camera")
    assert not edge.pictures.kept


async def test_a_heartbeat_is_answered_and_counts_as_a_sign_of_life(edge: EdgeIngest) -> None:
    answer = await edge.post("openalpr", sample("openalpr-heartbeat.json"))
    assert (answer.status_code, answer.json()) == (200, {"reads": []})
    assert edge.heard.cameras == [CAMERA.id]


@pytest.mark.parametrize(
    ("door", "name", "stream"),
    [("openalpr", "openalpr-group.json", "771"), ("plate-recognizer", "plate-recognizer.json", "main-1")],
)
async def test_a_device_of_several_cameras(edge: EdgeIngest, door: str, name: str, stream: str) -> None:
    place = CameraPlace(name="Elsewhere", latitude=1.0, longitude=2.0)
    own = replace(CAMERA, id=f"{CAMERA.id}:{stream}", place=place)
    foreign = replace(own, agency_id="barstow")
    for camera in (own, foreign):
        edge.cameras.on_file[own.id] = RegisteredCamera(camera, ())
        await edge.post(door, sample(name))
    first, second = edge.reads.published
    assert (first.camera_id, first.place) == (own.id, place)
    assert (second.camera_id, second.place) == (CAMERA.id, CAMERA.place), "another agency's is not this device's"
    assert first.id != second.id


async def test_when_there_is_no_room(edge: EdgeIngest) -> None:
    with edge.room.place(), edge.room.place():
        assert (await edge.post("openalpr", GROUP)).status_code == 503
    assert (await edge.post("openalpr", GROUP)).status_code == 200
