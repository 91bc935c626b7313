"""Videos and streams are read by OpenCV, at the pace that was asked for."""

from contextlib import aclosing
from pathlib import Path

import pytest

from services.ingest.adapters.video import SourceLost, stream_pictures, video_pictures
from services.ingest.frame_check import check_image
from services.ingest.image_size import ImageSize
from tests.unit.ingest.rtsp import RtspCamera
from tests.unit.ingest.streams import SIZE, LiveStream, video


async def test_a_video_gives_frames_so_far_apart_and_ends(tmp_path: Path) -> None:
    file = video(tmp_path / "v.avi", frames=10)
    pictures = [picture async for picture in video_pictures(file, seconds_apart=0.2, loop=False)]
    assert len(pictures) == 5
    assert {check_image(picture, pixels_max=10_000).size for picture in pictures} == {ImageSize(*SIZE)}


async def test_a_video_gives_no_more_frames_than_it_has(tmp_path: Path) -> None:
    file = video(tmp_path / "v.avi", frames=3)
    assert len([picture async for picture in video_pictures(file, seconds_apart=0.02, loop=False)]) == 3


async def test_a_loop_begins_again(tmp_path: Path) -> None:
    file = video(tmp_path / "v.avi", frames=2)
    async with aclosing(video_pictures(file, seconds_apart=0.02, loop=True)) as pictures:
        assert len([await anext(pictures) for _ in range(5)]) == 5


@pytest.mark.parametrize("content", [None, b"no video"])
async def test_what_is_no_video_is_lost(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "v.avi"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SourceLost):
        await anext(video_pictures(file, seconds_apart=0.1, loop=True))


@pytest.mark.parametrize("camera", [LiveStream, RtspCamera])
async def test_a_stream_gives_frames_and_is_lost_at_its_end(camera: type[LiveStream | RtspCamera]) -> None:
    stream, pictures = camera(frames=20), 0
    async with stream.served():
        with pytest.raises(SourceLost):
            async for picture in stream_pictures(stream.address, seconds_apart=0.001):
                assert check_image(picture, pixels_max=10_000).size == ImageSize(*SIZE)
                pictures += 1
    assert pictures > 0


@pytest.mark.parametrize("camera", [LiveStream, RtspCamera])
async def test_what_comes_too_soon_is_left_out(camera: type[LiveStream | RtspCamera]) -> None:
    stream, pictures = camera(frames=20), 0
    async with stream.served():
        with pytest.raises(SourceLost):
            async for _ in stream_pictures(stream.address, seconds_apart=3_600):
                pictures += 1
    assert pictures == 1


async def test_a_stream_that_is_not_there_is_lost() -> None:
    stream = LiveStream(frames=1)
    async with stream.served():
        pass
    with pytest.raises(SourceLost):
        await anext(stream_pictures(stream.address, seconds_apart=0.1))
