"""Images sealed under data keys, and the keyring, in local files and in a real S3 server alike."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from plateward.kernel.blobs import Blobs, NoSuchBlob, open_blobs
from plateward.kernel.images import SealedImages
from plateward.kernel.key_encryption import CannotUnwrap, add_key, read_key_file
from plateward.kernel.keys import KeptKey, KeyGone, Keyring
from plateward.kernel.sealing import Unopenable
from tests.support.s3 import NewPlace

DAY = date(2026, 3, 1)
BEFORE = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
IMAGE = b"\xff\xd8\xff a plate"
KEY = f"{DAY}/barstow/r1/plate.jpg"


class Safe:
    """Images and their keyring, at a time that the test sets."""

    def __init__(self, blobs: Blobs, keys: Blobs, key_file: Path) -> None:
        self.blobs, self.keys, self.key_file, self.time = blobs, keys, key_file, BEFORE
        add_key(key_file)

    def keyring(self) -> Keyring:
        """The keyring as a process finds it that has just started."""
        return Keyring(self.keys, read_key_file(self.key_file), lambda: self.time)

    def images(self) -> SealedImages:
        return SealedImages(self.blobs, self.keyring())

    async def only_key(self) -> KeptKey:
        (key,) = [key async for key in self.keyring().all()]
        return key


@pytest.fixture
def safe(new_place: NewPlace, tmp_path: Path) -> Safe:
    return Safe(open_blobs(new_place()), open_blobs(new_place()), tmp_path / "keys.txt")


async def test_an_image_is_seen_as_it_was_and_lies_sealed(safe: Safe) -> None:
    await safe.images().put(KEY, IMAGE)
    assert await safe.images().get(KEY) == IMAGE
    assert IMAGE not in await safe.blobs.get(KEY)


async def test_each_agency_and_day_has_a_key_of_its_own_and_all_processes_the_same(safe: Safe) -> None:
    places = [("barstow", DAY), ("kentucky", DAY), ("barstow", DAY + timedelta(days=1))]
    rings = [safe.keyring() for _ in range(6)]
    made = [await asyncio.gather(*(ring.to_seal(*place) for ring in rings)) for place in places]
    assert [len({key.id for key in keys}) for keys in made] == [1, 1, 1]
    assert len({keys[0].id for keys in made}) == 3
    assert await safe.keyring().to_open("barstow", DAY) == made[0][0]


async def test_where_nothing_was_sealed_there_is_no_key(safe: Safe) -> None:
    with pytest.raises(KeyGone):
        await safe.keyring().to_open("barstow", DAY)
    with pytest.raises(NoSuchBlob):
        await safe.images().get(KEY)


async def test_a_destroyed_key_opens_nothing_and_is_never_made_again(safe: Safe) -> None:
    await safe.images().put(KEY, IMAGE)
    copied = await safe.blobs.get(KEY)
    key = await safe.only_key()
    await safe.keyring().destroy(key)
    await safe.blobs.put(KEY, copied)
    with pytest.raises(NoSuchBlob):
        await safe.images().get(KEY)
    await safe.images().put(KEY.replace("r1", "r2"), IMAGE)
    assert [key async for key in safe.blobs.keys("")] == [KEY], "nothing is kept any more for this day"
    gone = await safe.only_key()
    assert (gone.id, gone.alive, gone.destroyed_at) == (key.id, False, BEFORE)


async def test_from_its_day_on_an_image_is_not_seen_and_none_is_kept(safe: Safe) -> None:
    images = safe.images()
    await images.put(KEY, IMAGE)
    safe.time = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(NoSuchBlob):
        await images.get(KEY)
    await images.put(KEY.replace("r1", "r2"), IMAGE)
    assert [key async for key in safe.blobs.keys("")] == [KEY]


async def test_an_image_put_in_anothers_place_does_not_open(safe: Safe) -> None:
    await safe.images().put(KEY, IMAGE)
    await safe.blobs.put(KEY.replace("r1", "r2"), await safe.blobs.get(KEY))
    with pytest.raises(Unopenable):
        await safe.images().get(KEY.replace("r1", "r2"))


async def test_an_image_that_was_never_sealed_does_not_open(safe: Safe) -> None:
    await safe.images().put(KEY, IMAGE)
    await safe.blobs.put(KEY, IMAGE)
    with pytest.raises(Unopenable, match="was not sealed"):
        await safe.images().get(KEY)


async def test_an_older_copy_of_the_keyring_is_dark_once_the_wrapping_key_has_been_changed(safe: Safe) -> None:
    await safe.images().put(KEY, IMAGE)
    (place,) = [place async for place in safe.keys.keys("")]
    older = await safe.keys.get(place)
    add_key(safe.key_file)
    assert await safe.keyring().rewrap() == 1
    safe.key_file.write_text(safe.key_file.read_text().splitlines()[-1])
    assert await safe.images().get(KEY) == IMAGE
    await safe.keys.put(place, older)
    with pytest.raises(CannotUnwrap):
        await safe.images().get(KEY)
