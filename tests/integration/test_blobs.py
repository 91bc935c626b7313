"""Blobs by key, in local files and in a real S3 server alike."""

import asyncio
from pathlib import Path

import pytest

from plateward.kernel.blobs import Blobs, NoSuchBlob, open_blobs
from plateward.kernel.settings import BlobSettings

DAY = "2026-03-01/barstow"


@pytest.fixture
def blobs(blob_place: BlobSettings) -> Blobs:
    return open_blobs(blob_place)


async def keys(blobs: Blobs, prefix: str = "") -> list[str]:
    return sorted([key async for key in blobs.keys(prefix)])


async def test_what_was_put_is_got(blobs: Blobs) -> None:
    picture = bytes(range(256)) * 1024
    await blobs.put(f"{DAY}/r1/plate.jpg", picture)
    assert await blobs.get(f"{DAY}/r1/plate.jpg") == picture


async def test_putting_a_key_again_replaces_it(blobs: Blobs) -> None:
    await blobs.put("k", b"longer than its successor")
    await blobs.put("k", b"new")
    assert await blobs.get("k") == b"new"
    assert await keys(blobs) == ["k"]


@pytest.mark.parametrize("key", ["never", f"{DAY}/r1/none.jpg"])
async def test_a_key_that_nothing_is_kept_under_says_so(blobs: Blobs, key: str) -> None:
    await blobs.put(f"{DAY}/r1/plate.jpg", b"1")
    with pytest.raises(NoSuchBlob, match=key):
        await blobs.get(key)


async def test_keys_are_listed_by_whole_parts_of_the_path(blobs: Blobs) -> None:
    of_day = [f"{DAY}/r1/plate.jpg", f"{DAY}/r1/scene.jpg", f"{DAY}/r2/plate.jpg"]
    for key in [*of_day, "2026-03-01/barstowe/r3/plate.jpg", "2026-03-02/barstow/r4/plate.jpg"]:
        await blobs.put(key, b"1")
    assert await keys(blobs, DAY) == await keys(blobs, f"{DAY}/") == of_day
    assert await keys(blobs, "2026-03-0") == []
    assert len(await keys(blobs)) == 5


async def test_deleting_a_prefix_deletes_all_of_it_and_nothing_else(blobs: Blobs) -> None:
    kept = "2026-03-02/barstow/r9/plate.jpg"
    for number in range(1_100):
        await blobs.put(f"2026-03-01/barstow/r{number}/plate.jpg", b"1")
    await blobs.put(kept, b"kept")
    assert await blobs.delete_all("2026-03-01/") == 1_100
    assert await keys(blobs) == [kept]
    assert await blobs.get(kept) == b"kept"
    assert await blobs.delete_all("2026-03-01/") == 0


async def test_of_what_was_deleted_not_even_the_names_stay(tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    blobs = open_blobs(BlobSettings(folder=folder))
    await blobs.put(f"{DAY}/r1/plate.jpg", b"1")
    await blobs.put("2026-03-02/barstow/r2/plate.jpg", b"2")
    await blobs.delete_all("2026-03-01/")
    assert [path.name for path in folder.iterdir()] == ["2026-03-02"]


async def test_what_is_kept_is_there_for_whoever_opens_the_place_next(blobs: Blobs, blob_place: BlobSettings) -> None:
    await blobs.put("k", b"1")
    assert await open_blobs(blob_place).get("k") == b"1"


async def test_of_many_who_put_a_new_blob_one_does(blobs: Blobs) -> None:
    done = await asyncio.gather(*(blobs.put_new("d/k", str(number).encode()) for number in range(8)))
    assert sorted(done) == [False] * 7 + [True]
    assert await blobs.get("d/k") == str(done.index(True)).encode()
    await blobs.delete_all("d")
    assert await blobs.put_new("d/k", b"again")


async def test_the_first_parts_of_all_keys_are_the_folders(blobs: Blobs) -> None:
    for key in ("2026-03-02/barstow/r1/plate.jpg", "2026-03-01/flagstaff/r2/plate.jpg", "2026-03-01/a/r3/plate.jpg"):
        await blobs.put(key, b"1")
    assert await blobs.folders() == ["2026-03-01", "2026-03-02"]


def test_a_store_must_be_named() -> None:
    with pytest.raises(ValueError, match="PLATEWARD_BLOBS_FOLDER or PLATEWARD_BLOBS_BUCKET"):
        open_blobs(BlobSettings())
