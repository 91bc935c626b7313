"""Whether a process is well."""

import httpx
import pytest
from prometheus_client import Counter

from plateward.kernel import status as status_module
from plateward.kernel.status import Status, status_app


async def ask(status: Status, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(status_app("matcher", status))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.get(path)


async def no() -> bool:
    return False


async def yes() -> bool:
    return True


async def test_a_process_is_ready_when_nothing_that_it_requires_is_missing() -> None:
    status = Status()
    assert (await ask(status, "/readyz")).status_code == 200
    status.require("kafka", yes)
    answer = await ask(status, "/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": []})


async def test_what_is_missing_is_named() -> None:
    status = Status()
    status.require("kafka", yes)
    status.require("database", no)
    answer = await ask(status, "/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": ["database"]})


async def test_a_loop_that_has_not_come_round_has_stalled(monkeypatch: pytest.MonkeyPatch) -> None:
    status = Status()
    status.beat("consume hits")
    assert (await ask(status, "/healthz")).json() == {"healthy": True, "stalled": []}
    monkeypatch.setattr(status_module, "STALL_SECONDS", -1.0)
    answer = await ask(status, "/healthz")
    assert (answer.status_code, answer.json()) == (503, {"healthy": False, "stalled": ["consume hits"]})


async def test_a_process_without_loops_is_healthy() -> None:
    assert (await ask(Status(), "/healthz")).status_code == 200


async def test_metrics_are_prometheuss() -> None:
    counted = Counter("plateward_test_looks_total", "Looks.")
    counted.inc(3)
    answer = await ask(Status(), "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "plateward_test_looks_total 3.0" in answer.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
async def test_nothing_else_is_answered(path: str) -> None:
    assert (await ask(Status(), path)).status_code == 404
