"""PostgreSQL from the wheel: its data outlives stops and kills, and it never runs as root."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from plateward.embedded import quarters, server
from plateward.embedded.ports import ReservedPort
from plateward.embedded.postgres import EmbeddedPostgres
from plateward.embedded.readiness import DiedError
from tests.integration.embedded.processes import ended

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account to run PostgreSQL as")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="plateward-tests-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "postgres"


def embedded(folder: Path, told: list[str] | None = None) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, fsync=False, tell=(told if told is not None else []).append)


async def query(server: EmbeddedPostgres, sql: str) -> object:
    session = await asyncpg.connect(server.dsn)
    try:
        return await session.fetchval(sql)
    finally:
        await session.close()


def effective_uid(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


async def write_a_row(server: EmbeddedPostgres) -> None:
    await query(server, "CREATE TABLE kept AS SELECT 'a row' AS what")


async def test_data_outlives_a_stop_and_a_kill(folder: Path) -> None:
    server = embedded(folder)
    await server.start()
    assert str(await query(server, "SHOW server_version")).startswith("18.")
    await write_a_row(server)
    dsn = server.dsn
    await server.stop()
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncpg.connect(dsn)

    await server.start()
    assert server.dsn == dsn
    assert await query(server, "SELECT what FROM kept") == "a row"
    exit_of_killed = ended(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    await exit_of_killed

    async with embedded(folder) as another:
        assert await query(another, "SELECT what FROM kept") == "a row"


async def test_a_pid_file_that_names_somebody_else_is_no_obstacle(folder: Path) -> None:
    async with embedded(folder) as server:
        await write_a_row(server)
    (folder / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder / 'data'}\n")
    async with embedded(folder) as server:
        assert await query(server, "SELECT what FROM kept") == "a row"


async def test_initialising_that_was_interrupted_begins_again(folder: Path) -> None:
    half_made = folder / "data.unfinished"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    async with embedded(folder) as server:
        assert await query(server, "SELECT 1") == 1


async def test_a_port_that_was_taken_meanwhile_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = ReservedPort(), ReservedPort()
    ports = iter([taken, free])
    monkeypatch.setattr(server, "ReservedPort", lambda: next(ports))
    with socket.create_server(("127.0.0.1", taken.number)):
        async with embedded(folder) as postgres:
            assert postgres.port == free.number
            assert await query(postgres, "SELECT 1") == 1


async def test_a_start_that_fails_quotes_the_log(folder: Path) -> None:
    async with embedded(folder) as server:
        pass
    (folder / "data" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(DiedError, match=r"initialized by PostgreSQL version 9\.6"):
        await server.start()


async def test_wrong_passwords_are_refused(folder: Path) -> None:
    async with embedded(folder) as server:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.dsn, password="another")
    assert (folder / "password").stat().st_mode & 0o077 == 0


@as_root
async def test_root_runs_it_as_another_account(folder: Path) -> None:
    async with embedded(folder) as server:
        assert effective_uid(server.pid) != 0


@as_root
async def test_where_no_other_account_gets_it_moves_to_the_temporary_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700, parents=True)
    for parent in (folder, folder.parent):
        parent.chmod(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    wheel, libraries = closed / "wheel", quarters._LIBRARIES
    shutil.copytree(quarters._WHEEL / "pginstall18", wheel / "pginstall18")
    monkeypatch.setattr(quarters, "_LIBRARIES", shutil.copytree(libraries, closed / libraries.name))
    monkeypatch.setattr(quarters, "_WHEEL", wheel.rename(closed / quarters._WHEEL.name))

    told: list[str] = []
    async with embedded(closed / "postgres", told) as server:
        await write_a_row(server)
    assert str(closed / "postgres") in told[0]
    assert not (closed / "postgres" / "data").exists()
    async with embedded(closed / "postgres") as server:
        assert await query(server, "SELECT what FROM kept") == "a row"
