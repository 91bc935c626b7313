"""Proving from the stores that nothing expired is left, finding orphans, and re-dating after a changed policy."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest

from plateward.contracts.reads import PlateRead
from plateward.kernel.blobs import Blobs
from plateward.policy.catalogue import PolicyCatalogue, load_catalogue
from services.retention.adapters.orphans import Orphans
from services.retention.adapters.redating import Redater, Redating
from services.retention.factory import verify
from services.retention.partitions import TABLES
from tests.support.archive import DAY, OVER, TODAY, Archive, an_archive
from tests.support.stack import KafkaServer, PostgresServer, fresh_database
from tests.unit.retention.events import a_read


@pytest.mark.clause("F15", "K15")
async def test_after_a_purge_nothing_expired_is_found_and_before_it_all(archive: Archive) -> None:
    expired = [f"expired {kind} of {DAY} are still there" for kind in (*TABLES, "images", "keys")]
    assert (await verify(archive.settings, clock=lambda: OVER))[:5] == expired
    await archive.purge.run(OVER)
    assert await verify(archive.settings) == []


async def orphans(archive: Archive) -> list[str]:
    at = datetime.combine(TODAY, time(23), UTC) + timedelta(hours=2)
    return [orphan async for orphan in Orphans(archive.pool, archive.blobs, archive.keyring).found(at)]


async def test_orphans_are_found_both_ways(archive: Archive) -> None:
    assert await orphans(archive) == []
    (read,) = await archive.add(a_read())
    assert read.images.plate is not None and read.images.scene is not None
    await archive.blobs.delete(read.images.plate)
    stray = f"{DAY}/flagstaff/stray/plate.jpg"
    await archive.images.put(stray, b"jpeg")
    dark = f"{DAY}/florence/dark/plate.jpg"
    await archive.blobs.put(dark, b"sealed under no key")
    assert await orphans(archive) == [
        f"row without its image: {read.images.plate}",
        f"image without its row: {stray}",
        f"image without its row: {dark}",
        f"images without their key: {DAY}/florence/",
    ]


async def test_an_image_whose_read_is_still_on_its_way_is_no_orphan(archive: Archive) -> None:
    await archive.images.put(f"{DAY}/flagstaff/coming/plate.jpg", b"jpeg")
    found = [one async for one in Orphans(archive.pool, archive.blobs, archive.keyring).found(datetime.now(UTC))]
    assert found == []


async def test_a_topic_that_keeps_too_long_and_a_record_too_old_are_found(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = datetime.now(UTC) + timedelta(days=9)
    await archive.publisher.send("hits", key=b"one", value=b"{}", headers=[])
    found = await verify(archive.settings, clock=lambda: far)
    assert any(one.startswith("topic hits, partition") and one.endswith("holds a record too old") for one in found)


def catalogue_with(agency: str, days: int) -> PolicyCatalogue:
    profiles = dict(load_catalogue())
    retention = msgspec.structs.replace(profiles[agency].retention, default_days=days)
    return PolicyCatalogue(profiles | {agency: msgspec.structs.replace(profiles[agency], retention=retention)})


@pytest.fixture
async def dated(postgres: PostgresServer, kafka: KafkaServer, tmp_path: Path) -> AsyncIterator[Archive]:
    """An archive with two reads of Flagstaff: one of now, one of 25 days ago; and one of Florence."""
    async with fresh_database(postgres) as dsn, an_archive(dsn, kafka, tmp_path) as archive:
        earlier = datetime.now(UTC) - timedelta(days=25)
        await archive.add(
            a_read(expires_on=TODAY + timedelta(days=30)),
            a_read(captured_at=earlier, expires_on=(earlier + timedelta(days=30)).date()),
            a_read(agency_id="florence", expires_on=TODAY + timedelta(days=30)),
        )
        yield archive


async def test_a_shorter_policy_re_dates_what_is_kept_and_a_dry_run_only_says_so(dated: Archive) -> None:
    redater = Redater(dated.pool, dated.blobs, dated.images, catalogue_with("flagstaff", 21))
    before = await dated.keys()
    planned = [
        Redating("flagstaff", TODAY + timedelta(days=5), TODAY - timedelta(days=4), 1),
        Redating("flagstaff", TODAY + timedelta(days=30), TODAY + timedelta(days=21), 1),
    ]
    assert await redater.plan() == planned
    assert (await dated.keys(), await redater.plan()) == (before, planned), "nothing was moved"
    assert await redater.run(TODAY) == planned
    assert await redater.plan() == []
    rows = await dated.pool.fetch(
        "SELECT expires_on, plate_image, document FROM reads JOIN read_documents USING (id, expires_on)"
        " ORDER BY expires_on"
    )
    days = [TODAY - timedelta(days=4), TODAY + timedelta(days=21), TODAY + timedelta(days=30)]
    assert [row["expires_on"] for row in rows] == days
    for row in rows:
        read = msgspec.convert(row["document"], PlateRead)
        assert (read.expires_on, read.images.plate) == (row["expires_on"], row["plate_image"])
    assert sorted({hit.read.expires_on for hit in await dated.hits()}) == days
    assert await dated.images.get(rows[1]["plate_image"]), "sealed anew under the key of its new day"
    await dated.purge.run(datetime.now(UTC))
    assert await verify(dated.settings) == []
    assert await dated.pool.fetchval("SELECT count(*) FROM reads") == 2


async def test_re_dating_that_breaks_off_anywhere_ends_the_same_when_it_is_run_again(
    dated: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run gets one effect on the blob store further than the one before, until one gets through."""
    policies, breaks = catalogue_with("flagstaff", 21), 0
    put, delete = Blobs.put, Blobs.delete

    class BrokenOff(Exception):
        pass

    for far in range(20):
        left = far

        def spend() -> None:
            nonlocal left
            if left == 0:
                raise BrokenOff
            left -= 1

        async def put_while_it_lasts(blobs: Blobs, key: str, data: bytes) -> None:
            spend()
            await put(blobs, key, data)

        async def delete_while_it_lasts(blobs: Blobs, key: str) -> None:
            spend()
            await delete(blobs, key)

        with monkeypatch.context() as patch:
            patch.setattr(Blobs, "put", put_while_it_lasts)
            patch.setattr(Blobs, "delete", delete_while_it_lasts)
            try:
                await Redater(dated.pool, dated.blobs, dated.images, policies).run(TODAY)
            except BrokenOff:
                breaks += 1
            else:
                break
    assert breaks >= 3
    assert await Redater(dated.pool, dated.blobs, dated.images, policies).plan() == []
    await dated.purge.run(datetime.now(UTC))
    assert await verify(dated.settings) == []
    assert await dated.pool.fetchval("SELECT count(*) FROM reads") == 2
    assert await dated.pool.fetchval("SELECT count(*) FROM redated_images") == 0


async def test_an_unchanged_policy_moves_nothing(dated: Archive) -> None:
    assert await Redater(dated.pool, dated.blobs, dated.images, load_catalogue()).plan() == []
