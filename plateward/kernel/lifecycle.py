"""A service process from start to stop: its HTTP server and its loops, ended in order on SIGTERM or SIGINT.

A loop that fails ends the process: what it was working on has not been committed, so the orchestrator's restart
takes it up again, and a dependency that is down is never papered over.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from plateward.kernel.logs import configure_logs
from plateward.kernel.peers import KeepPeer
from plateward.kernel.settings import HttpSettings, ProcessSettings

log = structlog.get_logger("plateward")

Loop = Callable[[asyncio.Event], Awaitable[None]]
"""Works until the event says stop, finishes what it has begun, and returns."""

GRACEFUL_SECONDS = 5
"""How long open HTTP requests may take to end once a stop is asked for."""


@dataclass(frozen=True, slots=True)
class Running:
    """A wired service: what it answers over HTTP, and the loops that do its work."""

    app: FastAPI
    loops: tuple[Loop, ...] = ()


class HttpConfig(uvicorn.Config):
    """uvicorn's, which keeps who connected where it believes a proxy."""

    def load(self) -> None:
        """Loads the application."""
        super().load()
        self.loaded_app = KeepPeer(self.loaded_app)


class HttpServer(uvicorn.Server):
    """uvicorn, leaving signals to the process that it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes no signals."""
        yield

    async def run_until(self, stopping: asyncio.Event) -> None:
        """Serves until the event is set; raises RuntimeError when it cannot listen."""
        serving = asyncio.create_task(self._listen())
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
        self.should_exit = True
        stop.cancel()
        await serving
        if not stopping.is_set():
            raise RuntimeError(f"the HTTP server on port {self.config.port} ended by itself")

    async def _listen(self) -> None:
        try:
            await self.serve()
        except SystemExit as error:  # uvicorn's own way to say so, which would end the process with nothing closed
            raise RuntimeError(f"the HTTP server cannot listen on port {self.config.port}") from error


def http_server(app: FastAPI, settings: HttpSettings) -> HttpServer:
    """A server of this application, with no access log of its own: paths may carry ids, and metrics count requests."""
    return HttpServer(
        HttpConfig(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACEFUL_SECONDS,
        )
    )


def run_process(name: str, settings: ProcessSettings, wire: Callable[[], AbstractAsyncContextManager[Running]]) -> None:
    """Runs a service until it is told to stop; exits with 1 when it could not go on."""
    configure_logs(name, settings.log)
    try:
        uvloop.run(_run(settings, wire))
    except BaseExceptionGroup as failures:
        log.critical("service.failed", exc_info=failures)
        sys.exit(1)
    except Exception as failure:
        log.critical("service.failed", exc_info=failure)
        sys.exit(1)


async def _run(settings: ProcessSettings, wire: Callable[[], AbstractAsyncContextManager[Running]]) -> None:
    async with _stop_signals() as stopping, wire() as running, asyncio.TaskGroup() as tasks:
        server = http_server(running.app, settings.http)
        tasks.create_task(server.run_until(stopping))
        for loop in running.loops:
            tasks.create_task(_until_stopped(loop, stopping))
        log.info("service.started", port=settings.http.port)
        await stopping.wait()
        log.info("service.stopping")


async def _until_stopped(loop: Loop, stopping: asyncio.Event) -> None:
    await loop(stopping)
    if not stopping.is_set():
        raise RuntimeError("a loop ended by itself")


@contextlib.asynccontextmanager
async def _stop_signals() -> AsyncIterator[asyncio.Event]:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    yield stopping
