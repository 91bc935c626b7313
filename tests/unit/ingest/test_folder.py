"""A folder gives each picture once, by name, when it is settled."""

import asyncio
import os
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from services.ingest.adapters.folder import Folder


def put(folder: Path, name: str, content: bytes, *, seconds_old: float = 10) -> None:
    written = folder / f".{name}"
    written.write_bytes(content)
    moment = time.time() - seconds_old
    os.utime(written, (moment, moment))
    written.rename(folder / name)


def pictures_of(folder: Path, *, loop: bool = False) -> Folder:
    return Folder(folder, seconds_apart=0.001, bytes_max=8, loop=loop)


async def taken(folder: Folder, count: int) -> list[bytes]:
    async with aclosing(folder.pictures()) as pictures:
        return [await anext(pictures) for _ in range(count)]


async def test_pictures_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.JPG", "c.png", "a.jpeg", "a.txt", ".d.jpg"):
        put(tmp_path, name, name.encode())
    (tmp_path / "aa.jpg").mkdir()
    assert await taken(pictures_of(tmp_path), 3) == [b"a.jpeg", b"b.JPG", b"c.png"]


async def test_a_picture_that_comes_later_is_taken(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", b"1")
    async with aclosing(pictures_of(tmp_path).pictures()) as pictures:
        assert await anext(pictures) == b"1"
        coming = asyncio.ensure_future(anext(pictures))
        put(tmp_path, "2.jpg", b"2")
        assert await coming == b"2"


async def test_a_picture_being_written_is_not_touched_nor_those_after_it(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", b"1")
    put(tmp_path, "2.part.jpg", b"half", seconds_old=-60)
    put(tmp_path, "3.jpg", b"3")
    async with aclosing(pictures_of(tmp_path).pictures()) as pictures:
        assert await anext(pictures) == b"1"
        (tmp_path / "2.part.jpg").unlink()
        put(tmp_path, "2.jpg", b"2")
        assert [await anext(pictures), await anext(pictures)] == [b"2", b"3"]


async def test_a_folder_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        put(tmp_path, name, name.encode())
    folder = pictures_of(tmp_path)
    assert await taken(folder, 2) == [b"1.jpg", b"2.jpg"]
    assert await taken(folder, 2) == [b"2.jpg", b"3.jpg"]  # the last was not known to have been taken


async def test_a_loop_begins_again(tmp_path: Path) -> None:
    for name in ("1.jpg", "2.jpg"):
        put(tmp_path, name, name.encode())
    assert await taken(pictures_of(tmp_path, loop=True), 5) == [b"1.jpg", b"2.jpg", b"1.jpg", b"2.jpg", b"1.jpg"]


async def test_no_more_is_read_than_shows_that_it_is_too_much(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", bytes(100))
    assert await taken(pictures_of(tmp_path), 1) == [bytes(9)]


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        await taken(pictures_of(tmp_path / "nowhere"), 1)
