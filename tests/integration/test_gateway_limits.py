"""What the gateway's doors let through: how much at once, how often, and of what type."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.settings import GatewaySettings
from tests.integration.test_gateway_fences import is_fenced
from tests.support.asking import asking
from tests.support.doors import ANYONE, FROM_THE_OWN_PAGES, table
from tests.support.gateway_at_work import GatewayAtWork, an_entry

pytest_plugins = ["tests.support.gateway"]

ASKED_PER_MINUTE = 40

ELSEWHERE = {"X-Forwarded-For": "203.0.113.9"}
"""What a proxy on this machine says of where a request comes from."""


@pytest.fixture(scope="module")
def gateway_settings(gateway_settings: GatewaySettings) -> GatewaySettings:
    """Here limits are reached."""
    limits = {"requests_per_minute": ASKED_PER_MINUTE, "body_bytes_max": 4096}
    return gateway_settings.model_copy(update=limits | {"sign_ins_per_minute": 60})


@pytest.fixture
async def http(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(gateway.url) as http:
        yield http


def is_problem(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_an_address_that_tries_too_often_waits_at_every_door_that_lets_people_in(
    gateway: GatewayAtWork, http: httpx.AsyncClient
) -> None:
    await gateway.administrator.execute(
        "INSERT INTO sign_in_rates VALUES ($1, now() + interval '90 seconds')", ELSEWHERE["X-Forwarded-For"]
    )
    doors = [door for door in table() if door.who == ANYONE and door.method == "POST" and not door.ends_the_session]
    assert doors
    for door in doors:
        answer = await http.post(door.path, headers=ELSEWHERE | FROM_THE_OWN_PAGES)
        is_problem(answer, 429)
        assert 25 <= int(answer.headers["Retry-After"]) <= 32
        elsewhere = await http.post(door.path, headers=FROM_THE_OWN_PAGES)
        assert elsewhere.status_code in (303, 400, 401, 415, 422), "no other address waits"


async def test_tries_are_counted_in_the_database_for_all_processes(
    gateway: GatewayAtWork, http: httpx.AsyncClient
) -> None:
    address = {"X-Forwarded-For": "203.0.113.10"}
    for _ in range(2):
        await http.post("/v1/sessions", headers=address, json={})
    used = await gateway.administrator.fetchval(
        "SELECT free_at > now() FROM sign_in_rates WHERE address = $1", address["X-Forwarded-For"]
    )
    assert used


async def test_a_person_who_asks_too_often_waits_and_nobody_else(gateway: GatewayAtWork) -> None:
    hasty, other = [await gateway.sign_in(await gateway.register("florence")) for _ in range(2)]
    answers = [await hasty.http.get("/v1/hot-list/entries") for _ in range(ASKED_PER_MINUTE + 30)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    for answer in refused:
        is_problem(answer, 429)
        assert int(answer.headers["Retry-After"]) >= 1
    async with hasty.http.stream("GET", "/v1/hits/stream") as stream:
        assert stream.status_code == 200, "a desk gets its stream all the same"
    assert (await other.http.get("/v1/hot-list/entries")).status_code == 200


async def test_an_address_that_asks_too_often_for_what_is_public_waits_and_no_other(http: httpx.AsyncClient) -> None:
    answers = [await http.get("/transparency", headers=ELSEWHERE) for _ in range(ASKED_PER_MINUTE + 30)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    for answer in refused:
        is_problem(answer, 429)
    assert (await http.get("/transparency")).status_code == 200


async def test_a_request_that_brings_too_much_is_refused_announced_or_not(gateway: GatewayAtWork) -> None:
    console = await gateway.sign_in(await gateway.register("florence"))
    entry = an_entry(reason="a" * 5000)
    is_problem(await console.http.post("/v1/hot-list/entries", json=entry), 413)

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 1000

    kinds = {"Content-Type": "application/json"}
    for more in ({}, {"Idempotency-Key": "a-key-of-this-very-test"}):
        answer = await console.http.post("/v1/hot-list/entries", content=unannounced(), headers=kinds | more)
        is_problem(answer, 413)


def is_page(answer: httpx.Response, status: int, title: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    is_fenced(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"<h1>{title}</h1>" in answer.text


async def test_a_browser_is_refused_by_a_page(gateway: GatewayAtWork) -> None:
    async with asking(gateway.url) as http:
        http.headers.update({"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"} | FROM_THE_OWN_PAGES)
        hasty = {"X-Forwarded-For": "203.0.113.11"}
        await gateway.administrator.execute(
            "INSERT INTO sign_in_rates VALUES ($1, now() + interval '90 seconds')", hasty["X-Forwarded-For"]
        )
        waits = await http.post("/login", data={}, headers=hasty)
        is_page(waits, 429, "Too many requests")
        assert int(waits.headers["Retry-After"]) >= 1
        is_problem(await http.post("/v1/sessions", json={}, headers=hasty), 429)
        console = await gateway.sign_in(await gateway.register("florence"))
        http.cookies.set(SESSION_COOKIE, console.token)
        is_page(
            await http.post("/hot-list", data=an_entry(reason="a" * 5000)),
            413,
            "A request may bring at most 4096 bytes",
        )
        nowhere = await http.get("/nowhere")
        is_page(nowhere, 404, "There is nothing here")
        assert console.person.name in nowhere.text, "and leads on from there"
        is_page(await http.get("/hot-list/a%00b"), 404, "There is nothing here")
        is_page(await http.put("/hot-list"), 405, "Method Not Allowed")
        foreign = await http.post("/hot-list", headers={"Sec-Fetch-Site": "cross-site"})
        is_page(foreign, 403, "This request comes from another site")
        is_problem(await http.get("/v1/nowhere"), 404)
        is_problem(await http.get("/nowhere", headers={"Accept": "application/json"}), 404)
        pages = [await http.get("/hot-list") for _ in range(ASKED_PER_MINUTE + 30)]
        is_page(next(page for page in pages if page.status_code != 200), 429, "Too many requests")


async def test_what_is_wrong_is_said_as_a_problem(gateway: GatewayAtWork, http: httpx.AsyncClient) -> None:
    console = await gateway.sign_in(await gateway.register("florence"))
    is_problem(await console.http.get("/v1/nowhere"), 404)
    is_problem(await console.http.get("/v1/cameras/a%00b"), 404)
    is_problem(await console.http.get("/v1/hits", params={"limit": "5\N{ZERO WIDTH SPACE}"}), 422)
    wrong = await console.http.put("/v1/cameras")
    is_problem(wrong, 405)
    assert wrong.headers["Allow"] == "GET, POST"
    as_text = await console.http.post("/v1/hot-list/entries", content="plate=7KXR214")
    is_problem(as_text, 415)
    assert as_text.json()["errors"] == [{"field": "Content-Type", "rule": "must be application/json"}]
    misspelt = await console.http.post("/v1/hot-list/entries", json=an_entry(instruction="stop"))
    is_problem(misspelt, 422)
    assert [error["field"] for error in misspelt.json()["errors"]] == ["body.instruction"]
    unspeakable = await console.http.post(
        "/v1/hot-list/entries", content=b'{"\\ud800": 1}', headers={"Content-Type": "application/json"}
    )
    is_problem(unspeakable, 422)
    is_problem(await console.http.post("/v1/hot-list/entries", json=an_entry(reason="taken\N{ZERO WIDTH SPACE}")), 422)
