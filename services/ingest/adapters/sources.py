"""Takes frames from folders, videos and streams, by the same way as the HTTP door. One that fails stops no other."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing

import structlog

from plateward.kernel.clock import now
from services.ingest.acceptance import Acceptance
from services.ingest.adapters.folder import Folder
from services.ingest.adapters.motion import MotionGate
from services.ingest.adapters.pace import BackOff
from services.ingest.adapters.video import STILL, stream_pictures, video_pictures
from services.ingest.cameras import Camera, Cameras
from services.ingest.metrics import FRAMES_REFUSED, FRAMES_STILL
from services.ingest.refusals import Refused, Unavailable
from services.ingest.source_list import Source

log = structlog.get_logger("services.ingest.sources")

RETRY_SECONDS = 1.0
"""After this a frame that could not be taken just now is offered again."""

Pictures = Callable[[], AsyncGenerator[bytes, None]]
"""Begins a source, or begins it again after a failure."""


class UnknownCamera(LookupError):
    """The source's camera is not registered (yet)."""


class Sources:
    """All sources of a list, each pulled by a task of its own."""

    def __init__(
        self, sources: Sequence[Source], cameras: Cameras, acceptance: Acceptance, *, frame_bytes_max: int
    ) -> None:
        self._sources, self._cameras, self._acceptance = sources, cameras, acceptance
        self._frame_bytes_max = frame_bytes_max

    async def run(self, stopping: asyncio.Event) -> None:
        """Pulls until told to stop."""
        pulls = [asyncio.create_task(self._pull(source)) for source in self._sources]
        await stopping.wait()
        for pull in pulls:
            pull.cancel()
        await asyncio.gather(*pulls, return_exceptions=True)

    async def _pull(self, source: Source) -> None:
        """Takes a source's frames to its end, beginning again after each failure."""
        pictures = _pictures(source, self._frame_bytes_max)
        back_off = BackOff()
        while True:
            try:
                await self._take_all(source, pictures, back_off)
            except Exception as failure:
                # Whatever it is, it is this source's alone. Messages may name addresses, so only the kind is logged.
                seconds = back_off.after_failure()
                log.warning("source.lost", camera=source.camera, why=type(failure).__name__, pause_seconds=seconds)
                await asyncio.sleep(seconds)
            else:
                log.info("source.ended", camera=source.camera)
                return

    async def _take_all(self, source: Source, pictures: Pictures, back_off: BackOff) -> None:
        async with aclosing(pictures()) as coming:
            async for picture in coming:
                if picture == STILL:
                    FRAMES_STILL.inc()
                else:
                    await self._offer(source, picture)
                back_off.reset()

    async def _offer(self, source: Source, picture: bytes) -> None:
        """Has a frame taken; one that can't be taken just now waits, except a stream's, which would be old by then."""
        captured_at = now().isoformat()  # the same each time, so that it stays one frame
        while True:
            try:
                await self._acceptance.accept(await self._camera(source), _whole(picture), captured_at)
            except Refused as why:
                FRAMES_REFUSED.labels(why.reason).inc()
                log.info("source.frame_refused", camera=source.camera, reason=why.reason)
                return
            except Unavailable as why:
                FRAMES_REFUSED.labels(why.reason).inc()
                if source.stream is not None:
                    return
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def _camera(self, source: Source) -> Camera:
        found = await self._cameras.find(source.camera)
        if found is None:
            raise UnknownCamera(source.camera)
        return found.camera


def _pictures(source: Source, bytes_max: int) -> Pictures:
    apart, loop = source.seconds_apart, source.loop
    if source.folder is not None:
        # One object for all beginnings: it remembers how far it has come.
        return Folder(source.folder, seconds_apart=apart, bytes_max=bytes_max, loop=loop).pictures
    # One gate for all beginnings as well: a stream that was lost for a moment shows the same road.
    gate = None if source.still_frames else MotionGate()
    if (video := source.video) is not None:
        return lambda: video_pictures(video, seconds_apart=apart, loop=loop, gate=gate)
    stream = source.stream
    assert stream is not None
    return lambda: stream_pictures(stream, seconds_apart=apart, gate=gate)


async def _whole(picture: bytes) -> AsyncIterator[bytes]:
    yield picture
