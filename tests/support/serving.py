"""An application behind HTTP, for as long as a test needs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from plateward.embedded.readiness import poll_until
from plateward.kernel.lifecycle import http_server
from plateward.kernel.settings import HttpSettings

PATIENCE_SECONDS = 30


@asynccontextmanager
async def served(app: FastAPI, http: HttpSettings) -> AsyncIterator[str]:
    """Where the application answers; none of a service's loops runs."""
    stopping, url = asyncio.Event(), f"http://127.0.0.1:{http.port}"
    async with asyncio.TaskGroup() as tasks:
        server = http_server(app, http)
        tasks.create_task(server.run_until(stopping))

        async def is_started() -> bool:
            return server.started

        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(is_started)
        try:
            yield url
        finally:
            stopping.set()
