"""Errors over HTTP are problem details (RFC 9457), and say nothing that was not for the one who asks."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from plateward.kernel.problems import PROBLEM_JSON, Problem, answer_problems


class Search(BaseModel):
    plate: str
    most: int


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    answer_problems(app)

    @app.get("/busy")
    async def busy() -> None:
        raise Problem(503, "Busy", "Kafka did not answer", headers={"Retry-After": "2"})

    @app.get("/bare")
    async def bare() -> None:
        raise Problem(409, "Conflict")

    @app.get("/fields")
    async def fields() -> None:
        raise Problem(422, "Not accepted", errors=[{"field": "reason", "rule": "is missing"}])

    @app.post("/search")
    async def search(_: Search) -> None: ...

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("password=hunter2")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


async def test_a_problem_says_its_kind_its_status_and_its_detail(client: httpx.AsyncClient) -> None:
    answer = await client.get("/busy")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert answer.headers["retry-after"] == "2"
    assert answer.json() == {"type": "about:blank", "title": "Busy", "status": 503, "detail": "Kafka did not answer"}


async def test_what_a_problem_does_not_have_is_absent(client: httpx.AsyncClient) -> None:
    assert (await client.get("/bare")).json() == {"type": "about:blank", "title": "Conflict", "status": 409}


async def test_a_problem_names_the_fields_and_their_rules(client: httpx.AsyncClient) -> None:
    assert (await client.get("/fields")).json()["errors"] == [{"field": "reason", "rule": "is missing"}]


async def test_a_body_that_does_not_keep_to_its_form_is_answered_without_its_values(client: httpx.AsyncClient) -> None:
    answer = await client.post("/search", json={"plate": {"secret": "ABC123"}, "most": "many"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert [error["field"] for error in answer.json()["errors"]] == ["body.plate", "body.most"]
    assert "ABC123" not in answer.text
    assert "many" not in answer.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/search", 405)])
async def test_the_frameworks_own_errors_are_problems(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert answer.json()["status"] == status
    assert status != 405 or answer.headers["allow"] == "POST"


async def test_a_failure_inside_is_a_problem_that_gives_nothing_away(client: httpx.AsyncClient) -> None:
    answer = await client.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert answer.json() == {"type": "about:blank", "title": "Internal Server Error", "status": 500}
