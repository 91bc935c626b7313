"""Reading a source's file beside the gateway's work: a large one in a process of its own, a small one in a thread."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

import msgspec

from services.gateway.list_sources.designated import DesignatedList
from services.gateway.list_sources.reading import copied, read

PIECE_BYTES = 256 * 1024

SMALL_BYTES = 1024 * 1024
"""A file of less is read before a process would have started."""


class NotRead(RuntimeError):
    """The process that read the file failed; the list stays as it was."""


async def rows_of(path: Path, size: int, designated: DesignatedList, known: Path) -> AsyncIterator[bytes]:
    """The file's lines as rows to be copied, many at a time; raises NotRead, InvalidMapping.

    `known` holds the digests of lines that need not be looked at, one a line.
    """
    if size < SMALL_BYTES:
        for rows in await asyncio.to_thread(lambda: list(_rows(path, designated, known))):
            yield rows
        return
    program = (sys.executable, "-m", "services.gateway.adapters.list_sources.reading")
    reading = await asyncio.create_subprocess_exec(
        *program, str(path), str(known), msgspec.json.encode(designated).decode(), stdout=asyncio.subprocess.PIPE
    )
    assert reading.stdout is not None
    try:
        while rows := await reading.stdout.read(PIECE_BYTES):
            yield rows
        if await reading.wait() != 0:
            raise NotRead(f"reading ended with {reading.returncode}")
    finally:
        if reading.returncode is None:
            reading.kill()
            await reading.wait()


def _rows(path: Path, designated: DesignatedList, known: Path) -> Iterator[bytes]:
    digests = frozenset(known.read_text(encoding="ascii").split())
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE_BYTES), b"")
        yield from _together(copied(line) for line in read(pieces, designated, digests))


def _together(rows: Iterable[bytes]) -> Iterator[bytes]:
    """The rows, some hundred at a time: each is handed on by itself at a price."""
    some, size = list[bytes](), 0
    for row in rows:
        some.append(row)
        size += len(row)
        if size >= PIECE_BYTES:
            yield b"".join(some)
            some, size = [], 0
    yield b"".join(some)


def main() -> None:
    """Writes the rows of a file to the standard output: file, known digests, the list as JSON."""
    path, known, designated = sys.argv[1:]
    for rows in _rows(Path(path), msgspec.json.decode(designated, type=DesignatedList), Path(known)):
        sys.stdout.buffer.write(rows)


if __name__ == "__main__":
    main()
