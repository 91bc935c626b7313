"""Pictures that others put into a folder, each taken once, in the order of their names."""

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from services.ingest.adapters.pace import Pace

SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})

LOOK_SECONDS = 0.5
"""How often the folder is looked through for new files."""

SETTLED_SECONDS = 0.5
"""A file that was written to less than this ago may not be whole yet; it and those after it wait."""


class Folder:
    """A folder, and the name of the last picture that was taken from it.

    A picture that comes later with an earlier name is not taken; after a restart of the process, all are taken again.
    """

    def __init__(self, folder: Path, *, seconds_apart: float, bytes_max: int, loop: bool) -> None:
        self._folder, self._seconds_apart = folder, seconds_apart
        self._bytes_max, self._loop = bytes_max, loop
        self._last = ""

    async def pictures(self) -> AsyncGenerator[bytes, None]:
        """The pictures as they come, without end; with `loop`, from the first again after the last.

        Of each there is at most one byte more than may be, to be refused for. One counts as taken when the next is
        asked for. Raises OSError when the folder or a file can't be read.
        """
        pace = Pace(self._seconds_apart)
        while True:
            new = await asyncio.to_thread(_settled_after, self._folder, self._last)
            for file in new:
                await pace.until_due()
                yield await asyncio.to_thread(_read, file, self._bytes_max + 1)
                self._last = file.name
            if new:
                continue
            if self._loop and self._last:
                self._last = ""
            else:
                await asyncio.sleep(LOOK_SECONDS)


def _settled_after(folder: Path, last: str) -> list[Path]:
    """The pictures named after the last one, up to the first that is still being written."""
    settled = time.time() - SETTLED_SECONDS
    found: list[Path] = []
    for file in sorted(file for file in folder.iterdir() if file.name > last and _is_picture(file)):
        if file.stat().st_mtime > settled:
            break
        found.append(file)
    return found


def _is_picture(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not file.name.startswith(".") and file.is_file()


def _read(file: Path, bytes_max: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(bytes_max)
