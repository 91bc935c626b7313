"""PostgreSQL's data directory: made whole or not at all, and used by one server at a time."""

import asyncio
import os
import secrets
import shutil
import sys
from pathlib import Path

from plateward.embedded.child import Child
from plateward.embedded.quarters import Quarters
from plateward.embedded.readiness import NotServingError

SUPERUSER = "postgres"
"""The role that the data directory is made with."""


async def initialise(quarters: Quarters, *, fsync: bool) -> None:
    """Makes the data directory: beside its place first, so that a half-made one is never taken for a whole one."""
    unfinished = quarters.folder / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    password = password_file(quarters)
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    for path in (unfinished, password):
        quarters.give(path)
    initdb = await Child.start(
        [
            str(quarters.programs / "initdb"),
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",  # the same order and the same letters on every machine
            "--no-instructions",
            *([] if fsync else ["--no-sync"]),
        ],
        log=quarters.folder / "initdb.log",
        cwd=quarters.folder,
        env=environment(),
        account=quarters.account,
    )
    if await initdb.wait() != 0:
        raise NotServingError("PostgreSQL's initdb", "could not make the data directory", initdb.log_tail())
    unfinished.rename(quarters.data)


def password_file(quarters: Quarters) -> Path:
    """Where the superuser's password is kept, for our account (and PostgreSQL's) alone."""
    return quarters.folder / "password"


def environment() -> dict[str, str]:
    """Ours, without what would point PostgreSQL elsewhere or speak to its log in another language."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return ours | {"LC_ALL": "C"}


async def until_nobody_serves(data: Path) -> None:
    """Waits for a server that is just ending, and removes the pid file that a killed one has left.

    PostgreSQL takes any process of its account with that pid for a server, so we look what it is; where there is
    no /proc to look in, its word holds. Raises RuntimeError when a server goes on using the data.
    """
    pid_file = data / "postmaster.pid"
    for _ in range(100):
        pid = _pid_in(pid_file)
        if pid is None or not sys.platform.startswith("linux"):
            return
        if not _serves(pid, data):
            pid_file.unlink(missing_ok=True)
            return
        await asyncio.sleep(0.1)
    raise RuntimeError(f"another PostgreSQL, process {pid}, uses {data}: stop it first")


def _pid_in(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split(maxsplit=1)[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Whether that process is a server of this data: servers work in their data directory."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data
    except OSError:
        return False
