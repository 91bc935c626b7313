"""The way of a frame: in bounds, checked, published once, and counted."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from plateward.contracts.frames import FRAME_BYTES_MAX, frame_id
from plateward.policy.cameras import Bar
from services.ingest.adapters.images import DecodingThreads
from services.ingest.refusals import Refused, Unavailable
from tests.unit.ingest.doors import CAMERA, LIMITS, PLACE, FramesInMemory, HeardInMemory, acceptance, sent
from tests.unit.ingest.pictures import jpeg, noise, png, soft

FRAME = jpeg(soft(64, 48))
BAR = Bar("out-of-service", "must be in service")


async def test_a_jpeg_is_published_as_it_was_sent(images: DecodingThreads) -> None:
    frames, heard = FramesInMemory(), HeardInMemory()
    accepted = await acceptance(images, frames, heard).accept(CAMERA, sent(FRAME[:100], FRAME[100:]))
    frame, published = frames.published.get_nowait()
    assert published == FRAME
    assert frame == accepted
    assert (frame.camera_id, frame.agency_id, frame.place) == ("camera-1", "flagstaff", PLACE)
    assert (frame.width_px, frame.height_px) == (64, 48)
    assert frame.captured_at == frame.received_at
    assert heard.cameras == ["camera-1"]


async def test_the_same_frame_sent_twice_is_one_frame(images: DecodingThreads) -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    door = acceptance(images, FramesInMemory())
    first = await door.accept(CAMERA, sent(FRAME), at.isoformat())
    again = await door.accept(CAMERA, sent(FRAME), at.isoformat().replace("+00:00", "Z"))
    assert first.id == again.id == frame_id("camera-1", at, hashlib.sha256(FRAME).hexdigest())


async def test_the_id_is_of_the_bytes_that_were_sent(images: DecodingThreads) -> None:
    frames, picture = FramesInMemory(), png(soft(64, 48))
    await acceptance(images, frames).accept(CAMERA, sent(picture))
    frame, published = frames.published.get_nowait()
    assert published.startswith(b"\xff\xd8\xff")
    assert frame.id == frame_id("camera-1", frame.captured_at, hashlib.sha256(picture).hexdigest())


async def test_a_large_jpeg_is_made_to_fit(images: DecodingThreads) -> None:
    frames, picture = FramesInMemory(), jpeg(noise(1_500, 1_000), 95)
    assert len(picture) > FRAME_BYTES_MAX
    limits = replace(LIMITS, frame_bytes_max=len(picture), pixels_max=1_500_000)
    await acceptance(images, frames, limits=limits).accept(CAMERA, sent(picture))
    assert len(frames.published.get_nowait()[1]) <= FRAME_BYTES_MAX


async def test_nothing_is_read_of_a_camera_out_of_service(images: DecodingThreads) -> None:
    chunks = sent(FRAME)
    with pytest.raises(Refused) as refused:
        await acceptance(images, FramesInMemory()).accept(replace(CAMERA, bar=BAR), chunks)
    assert refused.value.reason == "out-of-service"
    assert await anext(chunks) == FRAME


async def test_a_blank_frame_is_taken_and_noted(images: DecodingThreads) -> None:
    heard, black = HeardInMemory(), np.zeros((48, 64, 3), np.uint8)
    door = acceptance(images, FramesInMemory(), heard)
    for picture in (jpeg(black), png(black), FRAME):
        assert await door.accept(CAMERA, sent(picture))
    assert (heard.cameras, heard.blank) == (["camera-1"] * 3, ["camera-1"] * 2)


async def test_what_does_not_decode_is_noted_and_what_is_only_too_large_is_not(images: DecodingThreads) -> None:
    heard = HeardInMemory()
    door = acceptance(images, FramesInMemory(), heard)
    for picture in (FRAME[:-2], b"?", jpeg(soft(1_001, 1_000)), bytes(LIMITS.frame_bytes_max + 1)):
        with pytest.raises(Refused):
            await door.accept(CAMERA, sent(picture))
    assert heard.broken == ["camera-1"] * 2


async def test_reading_stops_once_it_is_too_much(images: DecodingThreads) -> None:
    chunks = sent(*[bytes(60_000)] * 10)
    with pytest.raises(Refused) as refused:
        await acceptance(images, FramesInMemory()).accept(CAMERA, chunks)
    assert refused.value.reason == "too-large"
    assert [len(chunk) async for chunk in chunks] == [60_000] * 6  # four were read, 200 000 being the most


async def test_a_picture_of_exactly_the_size_is_taken(images: DecodingThreads) -> None:
    limits = replace(LIMITS, frame_bytes_max=len(FRAME), pixels_max=64 * 48)
    assert await acceptance(images, FramesInMemory(), limits=limits).accept(CAMERA, sent(FRAME))


async def test_a_picture_must_arrive_in_time(images: DecodingThreads) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield FRAME[:10]
        await asyncio.Event().wait()

    door = acceptance(images, FramesInMemory(), limits=replace(LIMITS, upload_seconds_max=0.01))
    with pytest.raises(Refused, match=r"must be there within 0\.01 seconds") as refused:
        await door.accept(CAMERA, never())
    assert refused.value.reason == "too-slow"


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (b"", "not-an-image"),
        (FRAME[:-2], "undecodable"),
        (FRAME[: len(FRAME) // 2], "undecodable"),
        (jpeg(soft(1_001, 1_000)), "too-many-pixels"),
    ],
)
async def test_a_refused_picture_leaves_nothing_behind(images: DecodingThreads, picture: bytes, reason: str) -> None:
    frames, heard = FramesInMemory(), HeardInMemory()
    with pytest.raises(Refused) as refused:
        await acceptance(images, frames, heard).accept(CAMERA, sent(picture))
    assert refused.value.reason == reason
    assert (frames.published.qsize(), heard.cameras) == (0, [])


async def test_no_more_are_taken_than_there_is_room_for(images: DecodingThreads) -> None:
    frames = FramesInMemory()
    frames.open.clear()
    door = acceptance(images, frames)
    async with asyncio.TaskGroup() as tasks:
        held = [tasks.create_task(door.accept(CAMERA, sent(FRAME))) for _ in range(2)]
        for _ in held:
            await frames.waiting.acquire()
        third = sent(FRAME)
        with pytest.raises(Unavailable, match="frames-in-flight"):
            await door.accept(CAMERA, third)
        assert await anext(third) == FRAME
        frames.open.set()
    assert frames.published.qsize() == 2
    assert await door.accept(CAMERA, sent(FRAME))


async def test_places_are_given_back_after_refusals(images: DecodingThreads) -> None:
    frames = FramesInMemory()
    frames.unavailable = True
    door = acceptance(images, frames)
    for _ in range(3):
        with pytest.raises(Unavailable, match="kafka"):
            await door.accept(CAMERA, sent(FRAME))
        with pytest.raises(Refused):
            await door.accept(CAMERA, sent(b"?"))
    frames.unavailable = False
    assert await door.accept(CAMERA, sent(FRAME))
