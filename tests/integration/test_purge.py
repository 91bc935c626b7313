"""How a day is deleted for good: rows, images and keys, certified, whatever goes wrong in between."""

import asyncio
import hashlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import msgspec
import pytest

from plateward.contracts.topics import ACCESS
from plateward.embedded.readiness import poll_until
from plateward.kernel.blobs import NoSuchBlob
from plateward.kernel.kafka.publisher import NotAcknowledged
from plateward.kernel.signatures import SignedStatement
from services.retention.adapters.purge_rows import RowsRemoval
from services.retention.certificates import PurgeCertificate
from services.retention.partitions import TABLES
from services.retention.purge import Purged
from tests.support.archive import DAY, NEXT_DAY, OVER, READER, Archive, an_archive, pool_as, two_days
from tests.support.s3 import NewPlace
from tests.support.stack import KafkaServer, PostgresServer, fresh_database
from tests.support.topic_tape import tape_of
from tests.unit.retention.events import a_read

PATIENCE_SECONDS = 30
KINDS = (*TABLES, "images", "keys")
ONLY_NEXT_DAY = {kind: {NEXT_DAY} for kind in KINDS} | {"evidence": set()}
PURGED = Purged(DAY, reads=2, hits=2, images=4, keys=1, certificates=1)


async def stated(archive: Archive) -> list[PurgeCertificate]:
    """What the certificates state, their signatures checked, oldest first."""
    rows = await archive.pool.fetch("SELECT * FROM purge_certificates ORDER BY issued_at, id")
    for row in rows:
        SignedStatement(statement=row["statement"], signature=row["signature"].hex(), signer=row["signer"]).check()
    return [msgspec.json.decode(row["statement"], type=PurgeCertificate) for row in rows]


@pytest.mark.clause("F15")
async def test_a_day_that_is_over_goes_and_the_others_stay(archive: Archive) -> None:
    before = datetime.combine(DAY - timedelta(days=1), time(23, 59, 59), UTC)
    assert await archive.purge.run(before) == []
    assert await archive.purge.run(OVER) == [PURGED]
    assert await archive.left() == ONLY_NEXT_DAY
    assert await archive.tables() == {f"{table}_{NEXT_DAY:%Y%m%d}" for table in TABLES}
    assert await archive.purge.run(OVER) == []


@pytest.mark.clause("F15", "B9", "K15", "S3")
async def test_a_copy_of_an_image_is_dark_once_its_day_is_purged(archive: Archive) -> None:
    copies = {key: await archive.blobs.get(key) for key in await archive.keys()}
    await archive.purge.run(OVER)
    for key, copy in copies.items():
        await archive.blobs.put(key, copy)
    for key in copies:
        if key.startswith(DAY.isoformat()):
            with pytest.raises(NoSuchBlob):
                await archive.images.get(key)
        else:
            assert await archive.images.get(key)


@pytest.mark.clause("F15")
async def test_the_certificate_states_what_went_and_proves_it(archive: Archive) -> None:
    ids = sorted(id_ for (id_,) in await archive.pool.fetch("SELECT id FROM reads WHERE expires_on = $1", DAY))
    keys = sorted(key for key in await archive.keys() if key.startswith(DAY.isoformat()))
    (key_id,) = [key.id async for key in archive.keyring.all(DAY)]
    await archive.purge.run(OVER)
    (certificate,) = await stated(archive)
    assert (certificate.agency_id, certificate.day, certificate.held_back) == ("flagstaff", DAY, ())
    assert (certificate.agency, certificate.section) == ("Flagstaff Police Department", "317.5.5.a, 317.9.A")
    lots = {lot.kind: (lot.count, lot.sha256) for lot in certificate.deleted}
    assert lots["reads"] == (2, hashlib.sha256(b"".join(one.bytes for one in ids)).hexdigest())
    assert lots["images"] == (4, hashlib.sha256("\n".join(keys).encode()).hexdigest())
    assert lots["hits"][0] == 2
    assert [key.key_id for key in certificate.keys_destroyed] == [key_id]


async def test_each_agency_has_a_certificate_of_its_own(archive: Archive) -> None:
    await archive.add(a_read(agency_id="florence"))
    assert await archive.purge.run(OVER) == [Purged(DAY, reads=3, hits=3, images=6, keys=2, certificates=2)]
    counts = {one.agency_id: {lot.kind: lot.count for lot in one.deleted} for one in await stated(archive)}
    assert counts == {
        "flagstaff": {"reads": 2, "hits": 2, "images": 4},
        "florence": {"reads": 1, "hits": 1, "images": 2},
    }


async def test_the_certificate_goes_into_the_access_log(archive: Archive) -> None:
    async with tape_of(ACCESS, archive.settings.kafka.bootstrap_servers) as tape:
        await archive.purge.run(OVER)
        (record,) = await tape.accesses_until(1)
    (certificate,) = await stated(archive)
    assert (record.id, record.action, record.owners) == (certificate.id, "purge", ("flagstaff",))
    SignedStatement(
        statement=record.query["certificate"], signature=record.query["signature"], signer=record.query["signer"]
    ).check()
    assert json.loads(record.query["certificate"])["day"] == DAY.isoformat()


class Purging:
    """What starts purge processes that are killed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin and process.stderr
        self._process, self._told, self._said = process, process.stdin, process.stderr

    async def killed_after(self, number: int) -> tuple[int, list[str]]:
        """A process that is killed right after its effect of this number: how it ended, and its effects."""
        self._told.write(f"{number}\n".encode())
        effects: list[str] = []
        async for line in self._said:
            said = line.decode().strip()
            if said.lstrip("-").isdecimal():
                return int(said), effects
            effects.append(said)
        raise EOFError("nobody starts purges any more")


@pytest.fixture
async def purging(archive: Archive) -> AsyncIterator[Purging]:
    settings = archive.settings
    environment = os.environ | {
        "PLATEWARD_KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
        "PLATEWARD_DATABASE_DSN": settings.database.dsn.get_secret_value(),
        "PLATEWARD_BLOBS_FOLDER": str(settings.blobs.folder),
        "PLATEWARD_KEYS_FILE": str(settings.keys.file),
        "PLATEWARD_KEYS_FOLDER": str(settings.keys.folder),
        "PLATEWARD_RETENTION_SIGNING_KEY_FILE": str(settings.signing_key_file),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.killed_purge"),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    yield Purging(process)
    await process.communicate(b"")


async def cleared(archive: Archive) -> None:
    """As it was before its first purge: with two reads of DAY."""
    await archive.pool.execute("TRUNCATE purges, purge_items, purge_certificates")
    await archive.keyring._store.delete_all(f"{DAY}")
    await archive.add(*two_days()[:2])


async def until(archive: Archive, condition: str) -> None:
    """Returns once this query says that it is so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(lambda: archive.pool.fetchval(condition))


async def unlocked(archive: Archive) -> None:
    """Returns once the database has noticed that the purging process is gone."""
    await until(archive, "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'")


@pytest.mark.timeout(900)
async def test_a_purge_killed_after_any_of_its_effects_ends_the_same(archive: Archive, purging: Purging) -> None:
    returncode, effects = await purging.killed_after(1000)
    assert returncode == 0
    assert {effect.rpartition(".")[2] for effect in effects} == {
        *("begin", "detach", "drop", "note", "delete_all", "done", "destroy", "certify", "publish")
    }
    # The first and the last of each kind: reads and hits, images and keys.
    firsts = {effects.index(effect) + 1 for effect in effects}
    lasts = {len(effects) - effects[::-1].index(effect) for effect in effects}
    for number in sorted(firsts | lasts):
        await cleared(archive)
        returncode, done = await purging.killed_after(number)
        assert (returncode, len(done)) == (-signal.SIGKILL, number)
        await unlocked(archive)
        await archive.purge.run(OVER)
        assert not {day for days in (await archive.left()).values() for day in days if day <= DAY}, effects[number - 1]
        counts = {lot.kind: lot.count for one in await stated(archive) for lot in one.deleted}
        keys = [key.key_id for one in await stated(archive) for key in one.keys_destroyed]
        assert (counts, len(keys)) == ({"reads": 2, "hits": 2, "images": 4}, 1), effects[number - 1]
        assert not await archive.pool.fetchval("SELECT count(*) FROM purge_certificates WHERE published_at IS NULL")


async def test_while_the_blob_store_is_down_nothing_is_certified_and_then_all_of_it(
    archive: Archive,
) -> None:
    folder = archive.settings.blobs.folder
    assert folder is not None
    hidden = folder.with_name("away")
    purge = archive.purge
    folder.rename(hidden)
    folder.write_text("no folder at all")
    with pytest.raises(ExceptionGroup):
        await purge.run(OVER)
    assert f"reads_{DAY:%Y%m%d}" not in await archive.tables(), "rows do not wait for images"
    assert await stated(archive) == []
    folder.unlink()
    hidden.rename(folder)
    assert await purge.run(OVER) == [PURGED]
    assert await archive.left() == ONLY_NEXT_DAY


class Outage:
    """A step of a purge at which its database goes: nobody is let in any more, and whoever was in is cut off."""

    kind = "outage"

    def __init__(self, server: asyncpg.Connection, archive: Archive) -> None:
        self._server, self._name = server, urlsplit(archive.dsn).path[1:]

    async def days(self, _: date) -> set[date]:
        return set()

    async def remove(self, _: date) -> int:
        await self._server.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        await self._server.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", self._name
        )
        return 0

    async def ended(self) -> None:
        await self._server.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")


@pytest.mark.parametrize("steps_before", range(7))
async def test_while_the_database_is_down_nothing_is_certified_and_then_all_of_it(
    archive: Archive, postgres: PostgresServer, steps_before: int
) -> None:
    purge, server = archive.purge, await asyncpg.connect(postgres.dsn)
    steps, outage = tuple(purge._removals), Outage(server, archive)
    assert len(steps) == 6
    purge._removals = (*steps[:steps_before], outage, *steps[steps_before:])
    try:
        with pytest.raises((ExceptionGroup, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await purge.run(OVER)
    finally:
        await outage.ended()
        await server.close()
    assert await stated(archive) == []
    assert await archive.purge.run(OVER) == [PURGED]
    assert await archive.left() == ONLY_NEXT_DAY


async def test_while_kafka_is_down_the_day_goes_and_its_certificate_waits(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: Any, **__: Any) -> None:
        raise NotAcknowledged("access: TimeoutError")

    with monkeypatch.context() as patch:
        patch.setattr(type(archive.publisher), "publish", refused)
        with pytest.raises(ExceptionGroup):
            await archive.purge.run(OVER)
    assert await archive.left() == ONLY_NEXT_DAY
    assert await archive.pool.fetchval("SELECT count(*) FROM purge_certificates WHERE published_at IS NULL") == 1
    await archive.purge.run(OVER)
    assert await archive.pool.fetchval("SELECT count(*) FROM purge_certificates WHERE published_at IS NULL") == 0


async def test_what_comes_after_a_day_was_purged_goes_too_with_a_certificate_of_its_own(archive: Archive) -> None:
    assert await archive.purge.run(OVER) == [PURGED]
    await archive.add(a_read())
    await archive.blobs.put(f"{DAY}/flagstaff/stray/plate.jpg", b"jpeg")
    assert await archive.purge.run(OVER) == [Purged(DAY, reads=3, hits=3, images=5, keys=1, certificates=2)]
    assert await archive.left() == ONLY_NEXT_DAY


@asynccontextmanager
async def a_search_that_is_still_running(archive: Archive) -> AsyncIterator[None]:
    """A transaction of the gateway that has looked at the view and has not ended."""
    async with pool_as(archive.dsn, READER) as gateway, gateway.acquire() as connection, connection.transaction():
        assert await connection.fetchval("SELECT count(*) FROM retention.searchable_reads") == 3
        yield


async def detaching(archive: Archive) -> None:
    """Returns once a partition is being detached."""
    await until(archive, "SELECT count(*) > 0 FROM pg_inherits WHERE inhdetachpending")


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
    assert await archive.left() == ONLY_NEXT_DAY


async def test_a_detached_partition_is_dropped(archive: Archive) -> None:
    await RowsRemoval(archive.pool, "reads").detach(DAY)
    assert await archive.purge.run(OVER) == [PURGED]
    assert await archive.left() == ONLY_NEXT_DAY


async def test_only_one_process_purges_at_a_time(archive: Archive) -> None:
    async with archive.purge._ledger.turn() as ours:
        assert ours
        assert await archive.purge.run(OVER) == []
    assert await archive.purge.run(OVER) == [PURGED]


async def test_a_day_is_purged_from_a_real_s3_server_as_from_local_files(
    new_place: NewPlace, postgres: PostgresServer, kafka: KafkaServer, tmp_path: Path
) -> None:
    async with fresh_database(postgres) as dsn, an_archive(dsn, kafka, tmp_path, new_place()) as archive:
        await archive.add(*two_days())
        assert await archive.purge.run(OVER) == [PURGED]
        assert await archive.left() == ONLY_NEXT_DAY
