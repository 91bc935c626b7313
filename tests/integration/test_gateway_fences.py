"""What all of the gateway's answers are held to."""

from collections.abc import AsyncIterator, Iterator, Mapping

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from services.gateway.adapters.fences import SECURITY_HEADERS
from services.gateway.factory import running
from services.gateway.settings import GatewaySettings
from tests.support.asking import asking
from tests.support.gateway_at_work import Console, GatewayAtWork, an_entry

pytest_plugins = ["tests.support.gateway"]


@pytest.fixture(scope="module")
async def app(gateway_settings: GatewaySettings) -> AsyncIterator[FastAPI]:
    """The application, to look at its routes."""
    async with running(gateway_settings) as wired:
        yield wired.app


@pytest.fixture
async def http(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(gateway.url) as http:
        yield http


def routes_of_the_api(app: FastAPI) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(app.routes):
        if route.path is not None and route.path.startswith("/v1"):
            for method in route.methods or set():
                yield method, route.path


async def test_the_api_describes_all_of_itself_and_nothing_else(app: FastAPI, http: httpx.AsyncClient) -> None:
    described = (await http.get("/openapi.json")).json()
    operations = {(method.upper(), path) for path, operations in described["paths"].items() for method in operations}
    assert operations == set(routes_of_the_api(app))
    assert all(operation["summary"] for path in described["paths"].values() for operation in path.values())


async def test_every_answer_has_the_security_headers_and_is_stored_nowhere(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], http: httpx.AsyncClient
) -> None:
    console = consoles["florence"]
    await gateway.administrator.execute("REVOKE EXECUTE ON FUNCTION retention.find_reads FROM plateward_gateway")
    try:
        failed = await console.http.post("/v1/searches", json=console.search())
    finally:
        await gateway.administrator.execute("GRANT EXECUTE ON FUNCTION retention.find_reads TO plateward_gateway")
    answers = {
        200: await console.http.get("/v1/hits"),
        201: await console.http.post("/v1/hot-list/entries", json=an_entry()),
        303: await http.get("/"),
        401: await http.get("/v1/hits"),
        403: await http.post("/v1/sessions", headers={"Sec-Fetch-Site": "cross-site"}),
        404: await http.get("/nowhere"),
        405: await http.put("/v1/sessions"),
        422: await console.http.post("/v1/searches", json={}),
        500: failed,
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        is_fenced(answer)
        assert answer.headers["Cache-Control"] == "no-store"
    async with console.http.stream("GET", "/v1/hits/stream") as stream:
        is_fenced(stream)
        assert stream.headers["Cache-Control"] == "no-store"
    is_fenced(await http.get("/static/theme.js"))


def is_fenced(answer: httpx.Response) -> None:
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers.get_list(name) == [value], f"{answer.request.url}: {name}"
    assert "server" not in answer.headers


async def test_the_policy_lets_no_page_run_or_load_what_is_not_the_gateways(http: httpx.AsyncClient) -> None:
    policy = (await http.get("/login")).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["form-action"] == "'self'"


@pytest.mark.parametrize(
    "forged",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/hot-list/entries"), ("DELETE", "/v1/sessions/current")])
async def test_what_another_site_sends_changes_nothing(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], method: str, path: str, forged: dict[str, str]
) -> None:
    console = consoles["florence"]
    before = await gateway.administrator.fetchval("SELECT count(*) FROM hot_list_entries")
    answer = await console.http.request(method, path, json=an_entry(), headers=forged)
    assert (answer.status_code, answer.json()["title"]) == (403, "This request comes from another site")
    assert await gateway.administrator.fetchval("SELECT count(*) FROM hot_list_entries") == before
    assert (await console.http.get("/v1/hits")).is_success, "still signed in"


async def test_what_the_own_pages_send_is_taken(gateway: GatewayAtWork, consoles: Mapping[str, Console]) -> None:
    for own in ({"Sec-Fetch-Site": "same-origin", "Origin": gateway.url}, {"Origin": gateway.url}):
        answer = await consoles["florence"].http.post("/v1/hot-list/entries", json=an_entry(), headers=own)
        assert answer.status_code == 201
