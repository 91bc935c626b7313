"""Who is let in, and how long an answer about a camera is remembered."""

from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.camera_cache import CACHED_MAX, CACHED_SECONDS, CameraCache
from services.ingest.cameras import RegisteredCamera, as_registered, identify, key_hash, require_in_service
from services.ingest.refusals import Refused
from tests.support.cameras import BY, a_camera, a_key
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
    cameras.on_file[CAMERA.id] = RegisteredCamera(CAMERA, (key_hash(""),))
    with pytest.raises(Refused):
        await identify(cameras, CAMERA.id, "")


AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
GRACE = a_key("old", valid_until=AT + timedelta(minutes=10))


async def test_a_replaced_key_opens_until_its_grace_is_over() -> None:
    camera = a_camera(CAMERA.id, "new", keys=(a_key("new"), GRACE))
    cameras = CamerasInMemory()
    cameras.on_file[CAMERA.id] = as_registered(camera, AT + timedelta(minutes=10, microseconds=-1))
    assert await identify(cameras, CAMERA.id, "old") == await identify(cameras, CAMERA.id, "new")
    cameras.on_file[CAMERA.id] = as_registered(camera, AT + timedelta(minutes=10))
    assert await identify(cameras, CAMERA.id, "new")
    with pytest.raises(Refused):
        await identify(cameras, CAMERA.id, "old")


def test_never_more_than_two_keys_open() -> None:
    camera = a_camera(CAMERA.id, "new", keys=(a_key("new"), GRACE, GRACE))
    assert len(as_registered(camera, AT).keys_sha256) == 2


@pytest.mark.parametrize(
    ("changes", "reason", "rule"),
    [
        ({"out_of_service": BY, "approval": None}, "out-of-service", "The roadway."),
        ({"approval": None, "public_view": None}, "unapproved", "placement approved"),
        ({"public_view": None}, "undeclared", "public view"),
        ({"kind": "trailer"}, "deployment-ended", "must have an end"),
        ({"ends_at": AT}, "deployment-ended", "has ended"),
    ],
)
def test_each_rule_that_keeps_a_camera_out_is_named(changes: dict[str, object], reason: str, rule: str) -> None:
    found = as_registered(a_camera(CAMERA.id, KEY, **changes), AT)
    with pytest.raises(Refused, match=rule) as refused:
        require_in_service(found.camera)
    assert (refused.value.reason, refused.value.field) == (reason, "camera")


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
    cameras.on_file[CAMERA.id] = RegisteredCamera(CAMERA, (key_hash("new"),))
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
