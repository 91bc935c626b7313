"""Sources come by the same way as cameras; one that fails is taken up again and stops no other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.ingest.adapters import pace, sources
from services.ingest.adapters.images import DecodingThreads
from services.ingest.adapters.pace import BackOff
from services.ingest.adapters.sources import Sources
from services.ingest.source_list import Source
from tests.unit.ingest.doors import CAMERA, LIMITS, CamerasInMemory, FramesInMemory, acceptance
from tests.unit.ingest.pictures import jpeg, soft
from tests.unit.ingest.rtsp import RtspCamera
from tests.unit.ingest.streams import LiveStream, video
from tests.unit.ingest.test_folder import put

FRAME = jpeg(soft(64, 48))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(sources, "RETRY_SECONDS", 0.01)


@asynccontextmanager
async def pulled(
    images: DecodingThreads, frames: FramesInMemory, *listed: Source, cameras: CamerasInMemory | None = None
) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    puller = Sources(
        listed,
        cameras or CamerasInMemory(),
        acceptance(images, frames),
        frame_bytes_max=LIMITS.frame_bytes_max,
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(puller.run(stopping))
        yield
        stopping.set()


def folder(path: Path, camera: str = CAMERA.id) -> Source:
    return Source(camera=camera, folder=path, frames_per_second=60)


async def test_each_kind_of_source_delivers(images: DecodingThreads, tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", FRAME)
    stream = LiveStream(frames=20)
    async with stream.served():
        for source in (
            folder(tmp_path),
            Source(camera=CAMERA.id, video=video(tmp_path / "v.avi", 3), frames_per_second=10),
            Source(camera=CAMERA.id, stream=stream.address, frames_per_second=10),
        ):
            frames = FramesInMemory()
            async with pulled(images, frames, source):
                frame, published = await frames.published.get()
            assert (frame.camera_id, frame.width_px, frame.height_px) == (CAMERA.id, 64, 48)
            assert published.startswith(b"\xff\xd8")


async def test_a_refused_picture_is_passed_over(images: DecodingThreads, tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", FRAME[:-2])
    put(tmp_path, "2.jpg", bytes(LIMITS.frame_bytes_max + 1))
    put(tmp_path, "3.jpg", FRAME)
    frames = FramesInMemory()
    async with pulled(images, frames, folder(tmp_path)):
        assert (await frames.published.get())[1] == FRAME
    assert frames.published.empty()


async def test_a_picture_that_can_not_be_taken_now_is_offered_again(images: DecodingThreads, tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", FRAME)
    frames = FramesInMemory()
    frames.unavailable = True
    async with pulled(images, frames, folder(tmp_path)):
        for _ in range(3):
            await frames.waiting.acquire()
        frames.unavailable = False
        assert (await frames.published.get())[1] == FRAME
    assert len(frames.offered) > 3
    assert len(set(frames.offered)) == 1


async def test_a_source_that_fails_stops_no_other(images: DecodingThreads, tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", FRAME)
    lost = Source(camera=CAMERA.id, video=tmp_path / "nowhere.avi", frames_per_second=1)
    frames = FramesInMemory()
    async with pulled(
        images, frames, lost, folder(tmp_path / "nowhere"), folder(tmp_path, "unknown"), folder(tmp_path)
    ):
        assert (await frames.published.get())[1] == FRAME


@pytest.mark.parametrize("camera", [LiveStream, RtspCamera])
async def test_a_stream_is_opened_again_after_its_end(
    camera: type[LiveStream | RtspCamera], images: DecodingThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    class NotedBackOff(BackOff):
        def after_failure(self) -> float:
            pauses.append(super().after_failure())
            return pauses[-1]

    monkeypatch.setattr(sources, "BackOff", NotedBackOff)
    stream, frames = camera(frames=20), FramesInMemory()
    async with stream.served():
        source = Source(camera=CAMERA.id, stream=stream.address, frames_per_second=60)
        async with pulled(images, frames, source):
            while stream.connections < 3:
                await frames.published.get()
    assert len(pauses) >= 2
    assert max(pauses) <= pace.FIRST_PAUSE_SECONDS  # each time it had worked in between


async def test_a_camera_may_be_registered_later(images: DecodingThreads, tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", FRAME)
    cameras, frames = CamerasInMemory(), FramesInMemory()
    later = cameras.on_file.pop(CAMERA.id)
    async with pulled(images, frames, folder(tmp_path), cameras=cameras):
        await cameras.asked_once.wait()
        cameras.on_file[CAMERA.id] = later
        assert (await frames.published.get())[1] == FRAME


def test_pauses_double_up_to_a_minute_until_it_works_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "FIRST_PAUSE_SECONDS", 1.0)
    back_off = BackOff()
    pauses = [back_off.after_failure() for _ in range(40)]
    for pause, longest in zip(pauses, [1, 2, 4, 8, 16, 32, *[60] * 34], strict=True):
        assert longest * 0.75 <= pause <= longest
    back_off.reset()
    assert back_off.after_failure() <= 1
