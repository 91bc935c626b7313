"""Files of lists on this machine's disk: written as they come, never held in memory, gone when they are read."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from services.gateway.list_sources.refresh import ArrivedFile, Way

PIECE_BYTES = 1024 * 1024


class FileTooLarge(Exception):
    """A file has more bytes than are taken of a list."""


@asynccontextmanager
async def spooled(
    pieces: AsyncIterable[bytes], *, as_of: datetime, way: Way, bytes_max: int, case_number: str = ""
) -> AsyncIterator[ArrivedFile]:
    """A file that comes in pieces, for as long as the block lasts; raises FileTooLarge."""
    with tempfile.NamedTemporaryFile(prefix="plateward-list-") as file:
        digest, size = hashlib.sha256(), 0
        async for piece in pieces:
            size += len(piece)
            if size > bytes_max:
                raise FileTooLarge(f"a list's file may have at most {bytes_max} bytes")
            digest.update(piece)
            await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(file.flush)
        yield ArrivedFile(Path(file.name), digest.hexdigest(), size, as_of, way, case_number)


async def pieces_of(file: BinaryIO) -> AsyncIterator[bytes]:
    """What an open file holds, a piece at a time."""
    while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
        yield piece
