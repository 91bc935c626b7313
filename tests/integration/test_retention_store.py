"""What the retention service does with its partitions and files, and how it deletes a day for good."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec
import pytest
from pydantic import SecretStr

from plateward.contracts.reads import PlateRead
from plateward.kernel.blobs import Blobs, open_blobs
from plateward.kernel.clock import now
from plateward.kernel.migrations import Schema, migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.settings import BlobSettings
from services.retention import factory
from services.retention.adapters.hit_store import HitStore
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.purge_store import PurgeStore
from services.retention.adapters.read_store import ReadStore
from services.retention.partitions import TABLES
from services.retention.purge import Purge, Purged
from tests.support.stack import PostgresServer, fresh_database
from tests.unit.retention.events import a_hit, a_read

OWNER = Schema("retention", Path(factory.__file__).parent / "migrations", password="of-the-retention-service")
READER = Schema("gateway", Path("no migrations"), password="of-the-gateway")
PATIENCE_SECONDS = 30

TODAY = now().date()
DAY, NEXT_DAY = TODAY + timedelta(days=20), TODAY + timedelta(days=21)
OVER = datetime.combine(DAY, time(0, 1), UTC)
"""When DAY's purge is due, and NEXT_DAY's is not."""


@asynccontextmanager
async def pool_as(dsn: str, schema: Schema) -> AsyncIterator[asyncpg.Pool]:
    """Connections as the role of this schema, within the scope of the agency of `a_read`."""
    scoped = f"{dsn_as(dsn, schema)}{'&' if '?' in dsn else '?'}plateward.owners=flagstaff"
    async with database_pool(DatabaseSettings(dsn=SecretStr(scoped)), schema="retention") as pool:
        yield pool


def dsn_as(dsn: str, schema: Schema) -> str:
    url = urlsplit(dsn)
    return url._replace(netloc=f"{schema.role}:{schema.password}@{url.hostname}:{url.port}").geturl()


async def keys(blobs: Blobs) -> set[str]:
    return {key async for key in blobs.keys("")}


class Archive:
    """A database with two days of reads and hits, and their images."""

    def __init__(self, pool: asyncpg.Pool, dsn: str, blobs: Blobs) -> None:
        self.pool, self.dsn, self.blobs = pool, dsn, blobs
        self.partitions, self.rows = PartitionStore(pool), PurgeStore(pool)
        self.purge = Purge(self.rows, blobs)

    async def add(self, *reads: PlateRead) -> None:
        """Each with its images and a hit on it."""
        days = {read.expires_on for read in reads}
        await self.partitions.ensure("reads", days)
        await self.partitions.ensure("hits", days)
        await ReadStore(self.pool).add(reads)
        await HitStore(self.pool).add([a_hit(read) for read in reads])
        for read in reads:
            for image in ("plate", "scene"):
                await self.blobs.put(f"{read.expires_on}/{read.agency_id}/{read.id}/{image}.jpg", b"jpeg")

    async def days(self) -> dict[str, set[date]]:
        """The days of which there is anything left, by what it is."""
        left = {
            table: {day for (day,) in await self.pool.fetch(f"SELECT DISTINCT expires_on FROM {table}")}
            for table in ("reads", "hits")
        }
        return left | {"blobs": {date.fromisoformat(key[:10]) for key in await keys(self.blobs)}}

    async def tables(self) -> set[str]:
        """The partitions, attached or not."""
        names = await self.pool.fetch(
            "SELECT relname FROM pg_class WHERE relname ~ '^(reads|read_documents|hits)_[0-9]{8}$'"
        )
        return {name for (name,) in names}


ONLY_NEXT_DAY = {"reads": {NEXT_DAY}, "hits": {NEXT_DAY}, "blobs": {NEXT_DAY}}
PURGED = Purged(DAY, reads=2, hits=2, blobs=4)


@pytest.fixture
async def archive(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Archive]:
    async with fresh_database(postgres) as dsn:
        await migrate(dsn, [READER, OWNER])
        async with pool_as(dsn, OWNER) as pool:
            archive = Archive(pool, dsn, open_blobs(BlobSettings(folder=tmp_path)))
            await archive.add(a_read(), a_read(), a_read(expires_on=NEXT_DAY))
            yield archive


@pytest.mark.clause("F15")
async def test_a_day_that_is_over_goes_and_the_others_stay(archive: Archive) -> None:
    before = datetime.combine(DAY - timedelta(days=1), time(23, 59, 59), UTC)
    assert await archive.purge.run(before) == []
    assert await archive.purge.run(OVER) == [PURGED]
    assert await archive.days() == ONLY_NEXT_DAY
    assert await archive.tables() == {f"{table}_{NEXT_DAY:%Y%m%d}" for table in TABLES}
    assert await archive.purge.run(OVER) == []
    account = await archive.pool.fetchrow("SELECT * FROM purges")
    counts = {"reads": 2, "read_documents": 2, "hits": 2, "blobs": 4}
    assert dict(account) == {"day": DAY, "started_at": OVER, "finished_at": OVER} | counts


async def begun(archive: Archive) -> None:
    await archive.rows.begin(DAY, OVER)


async def reads_detached(archive: Archive) -> None:
    await begun(archive)
    await archive.rows.detach("reads", DAY)


async def reads_gone(archive: Archive) -> None:
    await begun(archive)
    await archive.rows.remove("reads", DAY)


async def rows_gone(archive: Archive) -> None:
    await reads_gone(archive)
    await archive.rows.remove("hits", DAY)


@pytest.mark.parametrize("as_far_as", [begun, reads_detached, reads_gone, rows_gone])
async def test_a_purge_that_was_killed_between_two_steps_is_finished(
    archive: Archive, as_far_as: Callable[[Archive], Awaitable[None]]
) -> None:
    await as_far_as(archive)
    assert await archive.purge.run(OVER) == [PURGED]
    assert await archive.days() == ONLY_NEXT_DAY


class FailsOnce:
    """A blob store that loses its connection in the middle of the first deletion."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._failed = False

    async def delete_all(self, prefix: str) -> int:
        if not self._failed:
            self._failed = True
            first = min([key async for key in self._blobs.keys(prefix)])
            await self._blobs.delete_all(first.rpartition("/")[0])
            raise ConnectionResetError("the blob store is gone")
        return await self._blobs.delete_all(prefix)


async def test_a_purge_whose_blob_store_failed_is_finished(archive: Archive) -> None:
    purge = Purge(archive.rows, FailsOnce(archive.blobs))
    with pytest.raises(ExceptionGroup) as failure:
        await purge.run(OVER)
    assert isinstance(failure.value.exceptions[0], ConnectionResetError)
    assert (await archive.days())["blobs"] == {DAY, NEXT_DAY}
    assert await purge.run(OVER) == [Purged(DAY, reads=2, hits=2, blobs=2)]
    assert await archive.days() == ONLY_NEXT_DAY


async def test_a_day_that_was_purged_is_purged_again_when_something_comes_after_all(archive: Archive) -> None:
    assert await archive.purge.run(OVER) == [PURGED]
    await archive.add(a_read())
    with pytest.raises(ExceptionGroup):
        await Purge(archive.rows, FailsOnce(archive.blobs)).run(OVER)
    await archive.blobs.put(f"{DAY}/flagstaff/{uuid.uuid4()}/plate.jpg", b"jpeg")
    assert await archive.purge.run(OVER) == [Purged(DAY, reads=3, hits=3, blobs=5)]
    assert await archive.days() == ONLY_NEXT_DAY


@asynccontextmanager
async def a_search_that_is_still_running(archive: Archive) -> AsyncIterator[None]:
    """A transaction of the gateway that has looked at the view and has not ended."""
    async with pool_as(archive.dsn, READER) as gateway, gateway.acquire() as connection, connection.transaction():
        assert await connection.fetchval("SELECT count(*) FROM retention.searchable_reads") == 3
        yield


async def detaching(archive: Archive) -> None:
    """Returns once a partition is being detached."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await archive.pool.fetchval("SELECT count(*) FROM pg_inherits WHERE inhdetachpending"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_purge_waits_for_a_running_search_and_keeps_no_other_waiting(archive: Archive) -> None:
    async with (
        asyncio.TaskGroup() as tasks,
        a_search_that_is_still_running(archive),
        pool_as(archive.dsn, READER) as gateway,
    ):
        purging = tasks.create_task(archive.purge.run(OVER))
        await detaching(archive)
        await gateway.execute("SET statement_timeout = '5s'")
        days = {day for (day,) in await gateway.fetch("SELECT expires_on FROM retention.searchable_reads")}
        assert days == {NEXT_DAY}
        await archive.add(a_read(expires_on=NEXT_DAY), a_read(expires_on=NEXT_DAY + timedelta(days=1)))
        assert not purging.done()
    assert purging.result() == [PURGED]


async def test_a_purge_killed_while_it_waited_is_finished(archive: Archive) -> None:
    async with a_search_that_is_still_running(archive):
        purging = asyncio.create_task(archive.purge.run(OVER))
        await detaching(archive)
        purging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await purging
    assert f"reads_{DAY:%Y%m%d}" in await archive.tables()
    assert await archive.purge.run(OVER) == [PURGED]
    assert await archive.days() == ONLY_NEXT_DAY


async def test_only_one_process_purges_at_a_time(archive: Archive) -> None:
    async with archive.rows.turn() as ours:
        assert ours
        assert await archive.purge.run(OVER) == []
    assert await archive.purge.run(OVER) == [PURGED]


async def test_no_search_finds_what_is_over_although_it_is_not_purged_yet(archive: Archive) -> None:
    await archive.add(a_read(expires_on=TODAY), a_read(expires_on=TODAY - timedelta(days=1)))
    async with pool_as(archive.dsn, READER) as gateway:
        for view in ("searchable_reads", "searchable_hits"):
            days = {day for (day,) in await gateway.fetch(f"SELECT expires_on FROM retention.{view}")}
            assert days == {DAY, NEXT_DAY}


async def test_partitions_made_by_many_at_once_are_made_once(archive: Archive) -> None:
    days = [NEXT_DAY + timedelta(days=later) for later in range(4)]
    await asyncio.gather(*(PartitionStore(archive.pool).ensure("reads", days) for _ in range(4)))
    partitioned = await archive.pool.fetch(
        "SELECT indexrelid::regclass::text AS name, indisvalid, count(inhrelid) AS parts FROM pg_index"
        " LEFT JOIN pg_inherits ON inhparent = indexrelid WHERE indrelid = 'reads'::regclass GROUP BY 1, 2"
    )
    assert {(row["name"], row["indisvalid"], row["parts"]) for row in partitioned} == {
        (name, True, 5)
        for name in ("reads_pkey", "reads_match_key", "reads_captured_at", "reads_camera", "reads_grams")
    }


async def test_searches_through_the_view_are_served_by_indexes(archive: Archive) -> None:
    at = now()
    reads = [
        a_read(camera_id=f"cam-{number % 50}", plate=f"A{number:05d}", captured_at=at - timedelta(seconds=number))
        for number in range(3000)
    ]
    await ReadStore(archive.pool).add(reads)
    await archive.pool.execute(f"ANALYZE reads_{DAY:%Y%m%d}")
    async with pool_as(archive.dsn, READER) as gateway:
        for where, index in (
            ("match_key = 'A00123'", "match_key_captured_at"),
            ("match_key LIKE 'A0012%'", "match_key_captured_at"),
            ("camera_id = 'cam-7' AND captured_at > now() - interval '9 minutes'", "camera_id_captured_at"),
            ("captured_at > now() - interval '1 minute'", "captured_at"),
        ):
            lines = await gateway.fetch(
                f"EXPLAIN SELECT plate FROM retention.searchable_reads WHERE expires_on = ANY('{{{DAY}}}') AND {where}"
            )
            plan = "\n".join(line for (line,) in lines)
            assert f" reads_{DAY:%Y%m%d}_{index}_idx" in plan, plan
            assert f"reads_{NEXT_DAY:%Y%m%d}" not in plan, "the other day's partition is pruned"


async def test_of_a_read_told_twice_the_record_of_more_frames_holds(archive: Archive) -> None:
    first = a_read(plate="ABO123")
    later = msgspec.structs.replace(first, plate="AB0I23", frames=5, direction="away", below_threshold=True)
    for records in ([first], [later], [first], [later, first]):
        await archive.add(*records)
    rows = await archive.pool.fetch("SELECT * FROM reads WHERE id = $1", first.id)
    assert [(row["plate"], row["frames"], row["direction"], row["below_threshold"]) for row in rows] == [
        ("AB0I23", 5, "away", True)
    ]


async def test_a_batch_may_hold_both_records_of_a_read(archive: Archive) -> None:
    first = a_read()
    later = msgspec.structs.replace(first, frames=3)
    assert await ReadStore(archive.pool).add([later, first]) == 1
    assert await archive.pool.fetchval("SELECT frames FROM reads WHERE id = $1", first.id) == 3
