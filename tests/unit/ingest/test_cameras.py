"""Who is let in, and how long an answer about a camera is remembered."""

from datetime import UTC, datetime

import pytest

from services.ingest.camera_cache import CACHED_MAX, CACHED_SECONDS, CameraCache
from services.ingest.cameras import RegisteredCamera, identify, key_hash
from services.ingest.refusals import Refused
from tests.unit.ingest.doors import CAMERA, KEY, CamerasInMemory


async def test_the_key_opens_to_its_camera() -> None:
    assert await identify(CamerasInMemory(), CAMERA.id, KEY) == CAMERA


@pytest.mark.parametrize(
    ("camera_id", "key"),
    [
        (CAMERA.id, None),
        (CAMERA.id, ""),
        (CAMERA.id, KEY[:-1]),
        (CAMERA.id, KEY + "x"),
        ("other", KEY),
        ("\0", KEY),
        ("a" * 101, KEY),
    ],
)
async def test_all_others_get_the_same_answer(camera_id: str, key: str | None) -> None:
    with pytest.raises(Refused) as refused:
        await identify(CamerasInMemory(), camera_id, key)
    assert refused.value.reason == "unauthorised"
    assert str(refused.value) == "Authorization: must be `Bearer` and the key of this camera"


async def test_what_is_no_id_is_never_looked_up() -> None:
    cameras = CamerasInMemory()
    for camera_id in ("\0", "", "a b", "x" * 101, "-x"):
        with pytest.raises(Refused):
            await identify(cameras, camera_id, KEY)
    assert cameras.asked == []


async def test_a_camera_without_a_key_lets_nobody_in() -> None:
    cameras = CamerasInMemory()
    cameras.on_file[CAMERA.id] = RegisteredCamera(CAMERA, key_hash(""), datetime.now(UTC))
    with pytest.raises(Refused):
        await identify(cameras, CAMERA.id, "")


class Clock:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize("camera_id", [CAMERA.id, "nobody"])
async def test_answers_are_remembered_for_five_seconds(camera_id: str) -> None:
    cameras, clock = CamerasInMemory(), Clock()
    cache = CameraCache(cameras, monotonic=clock)
    first = await cache.find(camera_id)
    clock.seconds += CACHED_SECONDS - 0.001
    assert await cache.find(camera_id) == first
    assert cameras.asked == [camera_id]
    clock.seconds += 0.001
    await cache.find(camera_id)
    assert cameras.asked == [camera_id, camera_id]


async def test_a_changed_key_is_in_force_after_that() -> None:
    cameras, clock = CamerasInMemory(), Clock()
    cache = CameraCache(cameras, monotonic=clock)
    await identify(cache, CAMERA.id, KEY)
    cameras.on_file[CAMERA.id] = RegisteredCamera(CAMERA, key_hash("new"), datetime.now(UTC))
    clock.seconds += CACHED_SECONDS
    with pytest.raises(Refused):
        await identify(cache, CAMERA.id, KEY)
    assert await identify(cache, CAMERA.id, "new") == CAMERA


async def test_asking_for_many_ids_does_not_fill_the_memory() -> None:
    cameras = CamerasInMemory()
    cache = CameraCache(cameras, monotonic=Clock())
    for number in range(CACHED_MAX + 1):
        await cache.find(str(number))
    cameras.asked.clear()
    await cache.find("1")
    await cache.find("0")
    assert cameras.asked == ["0"]
