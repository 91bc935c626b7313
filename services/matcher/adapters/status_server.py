"""The matcher's `/healthz`, `/readyz` and `/metrics`, as a service of the Faust worker."""

import asyncio
from typing import Any

from fastapi import FastAPI
from mode import Service

from plateward.kernel.lifecycle import http_server
from plateward.kernel.problems import answer_problems
from plateward.kernel.settings import HttpSettings
from plateward.kernel.status import Status, status_routes


class StatusServer(Service):
    """Answers from the worker's start on, so that a replica that is still being built shows as not ready."""

    def __init__(self, settings: HttpSettings, status: Status, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        app = FastAPI(title="Plateward matcher", docs_url=None, redoc_url=None, openapi_url=None)
        answer_problems(app)
        app.include_router(status_routes(status))
        self._server = http_server(app, settings)
        self._stopping = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def on_start(self) -> None:
        """Begins to answer."""
        self._serving = asyncio.create_task(self._server.run_until(self._stopping))
        self._serving.add_done_callback(self._crash_with)

    async def on_stop(self) -> None:
        """Lets what is being answered end."""
        self._stopping.set()
        if self._serving is not None:
            await asyncio.wait({self._serving})

    def _crash_with(self, serving: asyncio.Task[None]) -> None:
        if not serving.cancelled() and (failure := serving.exception()) is not None:
            self.add_future(self.crash(failure))
