"""Pictures of video files and live streams, by OpenCV in a thread for each; where nothing moves there are none."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from services.ingest.adapters.images import encode_jpeg
from services.ingest.adapters.motion import MotionGate
from services.ingest.adapters.pace import Pace

ANSWER_MS = 5_000
"""How long a stream may take to open, or to send its next frame."""

QUALITY = 90
"""Of the JPEGs that are made of a video's frames."""

STILL = b""
"""In place of a picture in which nothing moved."""

_FRAMES_PER_SECOND_UNTOLD = 25.0


class SourceLost(RuntimeError):
    """The video or stream can't be opened or holds nothing, or the stream has ended."""


async def video_pictures(
    file: Path, *, seconds_apart: float, loop: bool, gate: MotionGate | None = None
) -> AsyncGenerator[bytes, None]:
    """A video's frames, so far apart, at the pace at which it was recorded; STILL for those that the gate keeps back.

    Raises SourceLost.
    """
    pace = Pace(seconds_apart)
    while True:
        async with Capture.opened(str(file), gate) as capture:
            step = max(1, round(seconds_apart * capture.frames_per_second))
            picture = await capture.after(1)
            if picture is None:
                raise SourceLost("the video holds no frame")
            while picture is not None:
                await pace.until_due()
                yield picture
                picture = await capture.after(step)
        if not loop:
            return


async def stream_pictures(
    address: str, *, seconds_apart: float, gate: MotionGate | None = None
) -> AsyncGenerator[bytes, None]:
    """A live stream's newest frames, at least so far apart; STILL for those that the gate keeps back.

    Raises SourceLost, also at the stream's end.
    """
    async with Capture.opened(address, gate) as capture:
        due_at = time.monotonic()
        while (picture := await capture.newest(due_at)) is not None:
            due_at = time.monotonic() + seconds_apart
            yield picture
    raise SourceLost("the stream has ended")


class Capture:
    """An opened video or stream, and the thread that does one thing with it after the other.

    The thread is not waited for at the end: a camera that has gone silent may hold it for as long as ANSWER_MS.
    """

    def __init__(self, capture: cv2.VideoCapture, thread: ThreadPoolExecutor, gate: MotionGate | None) -> None:
        self._capture, self._thread, self._gate = capture, thread, gate

    @classmethod
    @asynccontextmanager
    async def opened(cls, place: str, gate: MotionGate | None) -> AsyncIterator[Self]:
        """The video or stream at this place; raises SourceLost."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="video")
        try:
            capture = await asyncio.get_running_loop().run_in_executor(thread, _open, place)
            try:
                yield cls(capture, thread, gate)
            finally:
                thread.submit(capture.release)
        finally:
            thread.shutdown(wait=False)

    @property
    def frames_per_second(self) -> float:
        """At which it was recorded."""
        return self._capture.get(cv2.CAP_PROP_FPS) or _FRAMES_PER_SECOND_UNTOLD

    async def after(self, step: int) -> bytes | None:
        """The step-th frame from here; None at the end."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._after, step)

    async def newest(self, due_at: float) -> bytes | None:
        """The first frame after that moment of the monotonic clock; None at the end.

        Those before it are taken off the stream, or they would pile up there.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._newest, due_at)

    def _after(self, step: int) -> bytes | None:
        return self._picture() if all(self._capture.grab() for _ in range(step)) else None

    def _newest(self, due_at: float) -> bytes | None:
        while self._capture.grab():
            if time.monotonic() >= due_at:
                return self._picture()
        return None

    def _picture(self) -> bytes | None:
        decoded, retrieved = self._capture.retrieve()
        if not decoded:
            return None
        pixels = np.asarray(retrieved, np.uint8)
        moved = self._gate is None or self._gate.lets_pass(pixels)
        return encode_jpeg(pixels, QUALITY) if moved else STILL


def _open(place: str) -> cv2.VideoCapture:
    # FFmpeg alone: other backends take addresses for file names, and print them.
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, ANSWER_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, ANSWER_MS]
    capture = cv2.VideoCapture(place, cv2.CAP_FFMPEG, limits)
    if not capture.isOpened():
        raise SourceLost("it can't be opened")
    return capture
