"""The HTTP door: what it answers before and without the servers behind it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from starlette.types import Message

from plateward.kernel.problems import PROBLEM_JSON, answer_problems
from services.ingest.acceptance import Acceptance
from services.ingest.adapters.http import frame_routes
from services.ingest.adapters.images import DecodingThreads
from tests.unit.ingest.doors import CAMERA, KEY, LIMITS, CamerasInMemory, FramesInMemory, acceptance, sent
from tests.unit.ingest.pictures import jpeg, soft

FRAME = jpeg(soft(64, 48))
PATH = f"/v1/cameras/{CAMERA.id}/frames"
AUTHORISED = {"Authorization": f"Bearer {KEY}"}


def application(door: Acceptance, cameras: CamerasInMemory | None = None) -> FastAPI:
    app = FastAPI()
    answer_problems(app)
    app.include_router(frame_routes(cameras or CamerasInMemory(), door, frame_bytes_max=LIMITS.frame_bytes_max))
    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest")


@pytest.fixture
def frames() -> FramesInMemory:
    return FramesInMemory()


@pytest.fixture
async def client(images: DecodingThreads, frames: FramesInMemory) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(acceptance(images, frames))) as client:
        yield client


def refused(reason: str) -> float:
    return REGISTRY.get_sample_value("plateward_ingest_frames_refused_total", {"reason": reason}) or 0.0


async def test_an_accepted_frame(client: httpx.AsyncClient, frames: FramesInMemory) -> None:
    answer = await client.post(PATH, content=FRAME, headers=AUTHORISED | {"Content-Type": "text/plain"})
    frame, _ = frames.published.get_nowait()
    assert answer.status_code == 202
    assert answer.json() == {
        "frame_id": str(frame.id),
        "captured_at": frame.captured_at.isoformat().replace("+00:00", "Z"),
    }


async def test_a_body_in_chunks_needs_no_length(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, content=sent(FRAME[:99], FRAME[99:]), headers=AUTHORISED)
    assert answer.status_code == 202


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"}])
@pytest.mark.parametrize("camera", [CAMERA.id, "unknown", "%00", "a%20b"])
async def test_without_the_key_all_cameras_look_alike(
    client: httpx.AsyncClient, headers: dict[str, str], camera: str
) -> None:
    before = refused("unauthorised")
    answer = await client.post(f"/v1/cameras/{camera}/frames", content=FRAME, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert answer.json() == {
        "type": "about:blank",
        "title": "The camera's key is needed",
        "status": 401,
        "errors": [{"field": "Authorization", "rule": "must be `Bearer` and the key of this camera"}],
    }
    assert refused("unauthorised") == before + 1


async def test_a_length_that_is_too_much_is_refused_unread(client: httpx.AsyncClient) -> None:
    async def unreadable() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    length = {"Content-Length": str(LIMITS.frame_bytes_max + 1)}
    answer = await client.post(PATH, content=unreadable(), headers=AUTHORISED | length)
    assert answer.status_code == 413
    assert answer.json()["errors"] == [{"field": "body", "rule": "must have at most 200000 bytes"}]


async def test_kafka_not_acknowledging_is_503(client: httpx.AsyncClient, frames: FramesInMemory) -> None:
    frames.unavailable = True
    answer = await client.post(PATH, content=FRAME, headers=AUTHORISED)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.headers["content-type"] == PROBLEM_JSON


async def test_what_is_sent_again_as_503_says_stays_one_frame(
    client: httpx.AsyncClient, frames: FramesInMemory
) -> None:
    frames.unavailable = True
    first = await client.post(PATH, content=FRAME, headers=AUTHORISED)
    frames.unavailable = False
    again = {"Captured-At": first.headers["captured-at"]}
    assert (await client.post(PATH, content=FRAME, headers=AUTHORISED | again)).status_code == 202
    assert len(frames.offered) == 2
    assert len(set(frames.offered)) == 1


async def test_too_slow_an_upload_closes_the_connection(images: DecodingThreads) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield FRAME[:10]
        await asyncio.Event().wait()

    door = acceptance(images, FramesInMemory(), limits=replace(LIMITS, upload_seconds_max=0.01))
    async with client_of(application(door)) as client:
        answer = await client.post(PATH, content=never(), headers=AUTHORISED)
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")


async def test_a_client_that_leaves_has_sent_nothing(images: DecodingThreads, frames: FramesInMemory) -> None:
    received: list[Message] = [
        {"type": "http.request", "body": FRAME[:100], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return received.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    headers = [(b"authorization", AUTHORISED["Authorization"].encode()), (b"content-length", b"10000")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "headers": headers,
        "query_string": b"",
        "http_version": "1.1",
    }
    await application(acceptance(images, frames))(scope, receive, send)
    assert answered[0]["status"] == 400
    assert frames.published.empty()


async def test_the_description_names_every_answer(client: httpx.AsyncClient) -> None:
    operation = (await client.get("/openapi.json")).json()["paths"]["/v1/cameras/{camera}/frames"]["post"]
    answers = operation["responses"]
    assert operation["summary"] == "Send a frame"
    assert set(answers) == {"202", "400", "401", "408", "409", "411", "413", "415", "422", "503"}
    assert all(list(answer["content"]) == [PROBLEM_JSON] for status, answer in answers.items() if status != "202")
    assert set(answers["503"]["headers"]) == {"Retry-After", "Captured-At"}
    assert set(operation["requestBody"]["content"]) == {"image/jpeg", "image/png"}
    assert {parameter["name"] for parameter in operation["parameters"]} == {"camera", "Captured-At"}
    assert operation["security"] == [{"camera key": []}]
