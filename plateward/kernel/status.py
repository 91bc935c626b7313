"""Whether a process is well: `/healthz` (restart it?), `/readyz` (send it work?), `/metrics` (Prometheus)."""

import time
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from plateward.kernel.problems import answer_problems

STALL_SECONDS = 120.0
"""A loop that has not come round for this long has stalled (aiokafka consumers can, silently)."""

Check = Callable[[], Awaitable[bool]]


class Status:
    """What a process says of itself: its readiness checks, and when each of its loops last came round."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._beats: dict[str, float] = {}

    def require(self, name: str, check: Check) -> None:
        """Adds something without which the process is not ready."""
        self._checks[name] = check

    def beat(self, loop: str) -> None:
        """Notes that a loop has come round."""
        self._beats[loop] = time.monotonic()

    def stalled(self) -> list[str]:
        """The loops that have not come round in time."""
        oldest = time.monotonic() - STALL_SECONDS
        return [loop for loop, beat in self._beats.items() if beat < oldest]

    async def missing(self) -> list[str]:
        """What keeps the process from being ready."""
        return [name for name, check in self._checks.items() if not await check()]


def status_routes(status: Status) -> APIRouter:
    """The three endpoints that every service has."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        stalled = status.stalled()
        return JSONResponse({"healthy": not stalled, "stalled": stalled}, 503 if stalled else 200)

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        missing = await status.missing()
        return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def status_app(service: str, status: Status) -> FastAPI:
    """The application of a service that answers nothing else."""
    app = FastAPI(title=f"Plateward {service}", docs_url=None, redoc_url=None, openapi_url=None)
    answer_problems(app)
    app.include_router(status_routes(status))
    return app
