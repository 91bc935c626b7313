"""PostgreSQL 18 from a wheel, for the demo and the tests."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import asyncpg

from plateward.embedded.child import Child
from plateward.embedded.ports import answers_tcp
from plateward.embedded.postgres_data import SUPERUSER, environment, initialise, password_file, until_nobody_serves
from plateward.embedded.quarters import Quarters, find_quarters
from plateward.embedded.readiness import until_ready
from plateward.embedded.server import EmbeddedServer

_READY_SECONDS = 60


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL server; to stop, it ends open sessions and writes everything down."""

    NAME = "PostgreSQL"
    PASSING = ("could not bind", "pre-existing shared memory block")
    STOPS_BY = signal.SIGINT
    STOP_SECONDS = 20

    def __init__(
        self,
        folder: Path,
        *,
        fsync: bool = True,
        parameters: Mapping[str, str] | None = None,
        tell: Callable[[str], None],
    ) -> None:
        """Without `fsync` a crash of the machine (not of the server) may ruin the data: for tests.

        `parameters` are the server's own, beside those that it needs to be found.
        """
        super().__init__()
        self._wished = folder
        self._fsync, self._parameters = fsync, dict(parameters or {})
        self._tell = tell
        self._quarters: Quarters | None = None

    @property
    def dsn(self) -> str:
        """How the superuser connects, to the database `postgres`; raises RuntimeError before the first start."""
        return self._dsn_on(self.port)

    def _dsn_on(self, port: int) -> str:
        password = password_file(self._home()).read_text()
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres?sslmode=disable"

    def _home(self) -> Quarters:
        if self._quarters is None:
            raise RuntimeError("PostgreSQL has not been started")
        return self._quarters

    async def _prepare(self) -> None:
        self._quarters = await asyncio.to_thread(find_quarters, self._wished.resolve(), self._tell)
        if not self._quarters.data.exists():
            await initialise(self._quarters, fsync=self._fsync)
        await until_nobody_serves(self._quarters.data)

    async def _serve(self, port: int) -> Child:
        quarters, dsn = self._home(), self._dsn_on(port)
        settings = self._parameters | _settings(port, fsync=self._fsync)
        server = await Child.start(
            [str(quarters.programs / "postgres"), "-D", str(quarters.data)]
            + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")],
            log=quarters.folder / "postgres.log",
            cwd=quarters.folder,
            env=environment(),
            account=quarters.account,
            on_our_death=signal.SIGQUIT,  # to the kernel's signal it ends at once, taking its workers with it
        )
        try:
            await until_ready("PostgreSQL", server, lambda: _answers(port, dsn), timeout_seconds=_READY_SECONDS)
        except BaseException:
            await server.stop(first=signal.SIGQUIT)
            raise
        return server


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
