"""The matcher's `/healthz`, `/readyz` and `/metrics`, as a service of the Faust worker."""

import asyncio
from typing import Any

from mode import Service

from plateward.kernel.lifecycle import http_server
from plateward.kernel.settings import HttpSettings
from plateward.kernel.status import Status, status_app


class StatusServer(Service):
    """Answers from the worker's start on, so that a replica that is still being built shows as not ready."""

    def __init__(self, settings: HttpSettings, status: Status, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._server = http_server(status_app("matcher", status), settings)
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
