"""What our own Kafka and our own PostgreSQL have in common: a free port that stays theirs, and a child that serves."""

import asyncio
import signal
from abc import ABC, abstractmethod
from typing import ClassVar, Self

from plateward.embedded.child import Child
from plateward.embedded.ports import ReservedPort
from plateward.embedded.readiness import DiedError

_STARTS = 5


class EmbeddedServer(ABC):
    """A server on a free port of 127.0.0.1, its data kept in a folder between starts.

    The port stays ours, and the same, for the life of this object: clients find the server again after a restart.
    """

    NAME: ClassVar[str]
    PASSING: ClassVar[tuple[str, ...]]
    """What the log says of failures that another try (on another port) overcomes."""
    STOPS_BY: ClassVar[signal.Signals] = signal.SIGTERM
    STOP_SECONDS: ClassVar[float]

    def __init__(self) -> None:
        self._port: ReservedPort | None = None
        self._server: Child | None = None

    @property
    def port(self) -> int:
        """Of 127.0.0.1; raises RuntimeError before the first start."""
        if self._port is None:
            raise RuntimeError(f"{self.NAME} has not been started")
        return self._port.number

    @property
    def pid(self) -> int:
        """The process id of the server; raises RuntimeError while there is none."""
        if self._server is None:
            raise RuntimeError(f"{self.NAME} has not been started")
        return self._server.pid

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Returns once the server answers.

        Raises NotServingError, quoting the log, when it does not, and PermissionError when no folder can be used.
        """
        await self._prepare()
        for attempt in range(1, _STARTS + 1):
            port = self._port or ReservedPort()
            try:
                self._server = await self._serve(port.number)
            except DiedError as error:
                if attempt == _STARTS or not any(sign in error.log_tail for sign in self.PASSING):
                    raise
                await asyncio.sleep(0.2 * attempt)
            else:
                self._port = port
                return

    async def stop(self) -> None:
        """Stops the server, keeping its data; does nothing when it has not been started."""
        if self._server is not None:
            await self._server.stop(first=self.STOPS_BY, patience_seconds=self.STOP_SECONDS)

    async def restart(self) -> None:
        """Stops and starts it again, on the same port and with the same data."""
        await self.stop()
        await self.start()

    @abstractmethod
    async def _prepare(self) -> None:
        """What has to be there before a start."""

    @abstractmethod
    async def _serve(self, port: int) -> Child:
        """The server on this port, answering; raises NotServingError."""
