"""PostgreSQL 18 from a wheel, for the demo and the tests."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Self

import asyncpg

from plateward.embedded.child import Child
from plateward.embedded.ports import ReservedPort, answers_tcp
from plateward.embedded.postgres_data import SUPERUSER, environment, initialise, password_file, until_nobody_serves
from plateward.embedded.quarters import Quarters, find_quarters
from plateward.embedded.readiness import DiedError, until_ready

_READY_SECONDS = 60
_STARTS = 5
_PASSING = ("could not bind", "pre-existing shared memory block")
"""What the log says of failures that another try (on another port) overcomes."""


class EmbeddedPostgres:
    """A PostgreSQL server of our own on a free port of 127.0.0.1, its data kept in a folder between starts.

    The port stays ours, and the same, for the life of this object: clients find the server again after a restart.
    """

    def __init__(self, folder: Path, *, fsync: bool = True, tell: Callable[[str], None]) -> None:
        """Without `fsync` a crash of the machine (not of the server) may ruin the data: for tests."""
        self._wished = folder
        self._fsync = fsync
        self._tell = tell
        self._port: ReservedPort | None = None
        self._password: str | None = None
        self._server: Child | None = None

    @property
    def port(self) -> int:
        """Of 127.0.0.1; raises RuntimeError before the first start."""
        if self._port is None:
            raise RuntimeError("PostgreSQL has not been started")
        return self._port.number

    @property
    def dsn(self) -> str:
        """How the superuser connects, to the database `postgres`; raises RuntimeError before the first start."""
        if self._port is None or self._password is None:
            raise RuntimeError("PostgreSQL has not been started")
        return _dsn(self._port.number, self._password)

    @property
    def pid(self) -> int:
        """The process id of the server; raises RuntimeError while there is none."""
        if self._server is None:
            raise RuntimeError("PostgreSQL has not been started")
        return self._server.pid

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Makes the data directory when there is none, and returns once the server answers.

        Raises NotServingError, quoting the log, when it does not, and PermissionError when no folder can be used.
        """
        quarters = await asyncio.to_thread(find_quarters, self._wished.resolve(), self._tell)
        if not quarters.data.exists():
            await initialise(quarters, fsync=self._fsync)
        self._password = password_file(quarters).read_text()
        await until_nobody_serves(quarters.data)
        for attempt in range(1, _STARTS + 1):
            port = self._port or ReservedPort()
            try:
                self._server = await self._serve(quarters, port.number, self._password)
            except DiedError as error:
                if attempt == _STARTS or not any(sign in error.log_tail for sign in _PASSING):
                    raise
                await asyncio.sleep(0.2 * attempt)
            else:
                self._port = port
                return

    async def _serve(self, quarters: Quarters, port: int, password: str) -> Child:
        settings = _settings(port, fsync=self._fsync)
        server = await Child.start(
            [str(quarters.programs / "postgres"), "-D", str(quarters.data)]
            + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")],
            log=quarters.folder / "postgres.log",
            cwd=quarters.folder,
            env=environment(),
            account=quarters.account,
            on_our_death=signal.SIGQUIT,  # to the kernel's signal it ends at once, taking its workers with it
        )

        dsn = _dsn(port, password)
        try:
            await until_ready("PostgreSQL", server, lambda: _answers(port, dsn), timeout_seconds=_READY_SECONDS)
        except BaseException:
            await server.stop(first=signal.SIGQUIT)
            raise
        return server

    async def stop(self) -> None:
        """Ends open sessions, writes everything down and stops; does nothing when it has not been started."""
        if self._server is not None:
            await self._server.stop(first=signal.SIGINT, patience_seconds=20)


def _dsn(port: int, password: str) -> str:
    return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres?sslmode=disable"


async def _answers(port: int, dsn: str) -> bool:
    if not await answers_tcp(port):
        return False
    try:
        session = await asyncpg.connect(dsn, timeout=5)
    except (ConnectionError, TimeoutError, asyncpg.PostgresError):
        return False
    await session.close()
    return True


def _settings(port: int, *, fsync: bool) -> dict[str, str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    unsafe = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return settings if fsync else settings | unsafe
