"""Videos and live streams to pull."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import cv2

from tests.unit.ingest.pictures import jpeg, soft

SIZE = (64, 48)


def video(file: Path, frames: int) -> Path:
    """A video of ten frames a second."""
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 10, SIZE)
    for _ in range(frames):
        writer.write(soft(*SIZE))
    writer.release()
    return file


class LiveCamera(ABC):
    """A camera on the network; each connection ends after so many frames, as with a camera that restarts."""

    SCHEME: ClassVar[str]

    def __init__(self, frames: int) -> None:
        self.connections = 0
        self.address = ""
        self._frames = frames

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = f"{self.SCHEME}://127.0.0.1:{server.sockets[0].getsockname()[1]}/live"
        async with server:
            yield

    @abstractmethod
    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""


class LiveStream(LiveCamera):
    """Motion JPEG over HTTP, as cameras have it."""

    SCHEME = "http"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=next\r\n\r\n")
        picture = jpeg(soft(*SIZE))
        for _ in range(self._frames):
            writer.write(b"--next\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture))
            writer.write(picture + b"\r\n")
        writer.close()
        await writer.wait_closed()
