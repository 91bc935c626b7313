"""Signing in and out of the gateway, over HTTP, with real passwords and sessions."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from plateward.kernel.clock import now
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.people import Person
from tests.support.asking import asking
from tests.support.gateway_at_work import PASSWORD, GatewayAtWork

pytest_plugins = ["tests.support.gateway"]

NOBODY = {"type": "about:blank", "title": "Sign in first", "status": 401}
REFUSED = {
    "type": "about:blank",
    "title": "Not signed in",
    "status": 401,
    "detail": "the name or the password is not right, or the account is locked or closed",
}


@pytest.fixture(scope="module")
async def person(gateway: GatewayAtWork) -> Person:
    return await gateway.register("flagstaff", "Dispatcher")


@pytest.fixture
async def http(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(gateway.url) as http:
        yield http


async def token_of(http: httpx.AsyncClient, person: Person) -> str:
    answer = await http.post("/v1/sessions", json={"username": person.username, "password": PASSWORD})
    token: str = answer.raise_for_status().json()["token"]
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_password_opens_a_session_with_the_titles_rights(http: httpx.AsyncClient, person: Person) -> None:
    answer = await http.post("/v1/sessions", json={"username": person.username, "password": PASSWORD})
    assert answer.status_code == 201
    signed_in = answer.json()
    assert len(signed_in.pop("token")) == 43
    assert signed_in == {
        "name": person.name,
        "title": "Dispatcher",
        "agency_id": "flagstaff",
        "rights": ["list-entries", "receive-releases", "view-images", "watch-cameras", "watch-hits"],
    }


async def test_a_password_as_the_gateway_hashes_it_opens_a_session(gateway: GatewayAtWork) -> None:
    person, passwords = await gateway.register("flagstaff"), Argon2Passwords()
    await PostgresPeople(gateway.administrator).register(person, await passwords.hashed(PASSWORD))
    assert (await (await gateway.sign_in(person)).http.get("/v1/hits")).is_success
    assert await passwords.hashed(PASSWORD) != await passwords.hashed(PASSWORD)


async def test_a_title_that_the_policy_does_not_name_may_do_nothing(gateway: GatewayAtWork) -> None:
    console = await gateway.sign_in(await gateway.register("flagstaff", "Consultant"))
    for answer in (
        await console.http.get("/v1/hits"),
        await console.http.get("/v1/hits/stream"),
        await console.http.get("/v1/hot-list/entries"),
        await console.http.post("/v1/searches", json=console.search()),
    ):
        assert (answer.status_code, answer.json()["title"]) == (403, "Your agency's policy does not allow this")


@pytest.mark.parametrize("password", ["a password", PASSWORD + " ", PASSWORD.upper()])
async def test_a_wrong_password_opens_nothing(http: httpx.AsyncClient, person: Person, password: str) -> None:
    answer = await http.post("/v1/sessions", json={"username": person.username, "password": password})
    assert (answer.status_code, answer.json()) == (401, REFUSED)


async def test_an_unknown_name_is_refused_as_a_wrong_password_is(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/sessions", json={"username": "nobody", "password": PASSWORD})
    assert (answer.status_code, answer.json()) == (401, REFUSED)


@pytest.mark.parametrize("username", ["\0", "a\0b", "\N{ZERO WIDTH SPACE}", "a\N{RIGHT-TO-LEFT OVERRIDE}b"])
async def test_a_name_that_cannot_be_seen_whole_is_nobodys(http: httpx.AsyncClient, username: str) -> None:
    answer = await http.post("/v1/sessions", json={"username": username, "password": PASSWORD})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["body.username"]
    page = await http.post("/login", data={"username": username, "password": PASSWORD})
    assert page.status_code == 401


async def test_a_session_is_carried_by_a_bearer_token_or_a_cookie(http: httpx.AsyncClient, person: Person) -> None:
    token = await token_of(http, person)
    assert (await http.get("/v1/hits", headers=bearer(token))).status_code == 200
    assert (await http.get("/v1/hits", headers={"Cookie": f"{SESSION_COOKIE}={token}"})).status_code == 200


async def test_the_sign_in_page_sets_a_cookie_that_no_script_and_no_other_site_gets(
    http: httpx.AsyncClient, person: Person
) -> None:
    answer = await http.post("/login", data={"username": person.username, "password": PASSWORD})
    assert answer.status_code == 303
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict"} <= attributes
    assert (await http.get("/v1/hits")).status_code == 200
    assert (await http.post("/logout")).status_code == 403, "with a cookie, a request says where it comes from"
    assert (await http.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})).status_code == 303
    assert (await http.get("/v1/hits")).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "nonsense"])
async def test_nothing_else_is_a_session(http: httpx.AsyncClient, header: str) -> None:
    answer = await http.get("/v1/hits", headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, NOBODY)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_signing_out_ends_this_session_and_no_other(http: httpx.AsyncClient, person: Person) -> None:
    left, stays = await token_of(http, person), await token_of(http, person)
    assert (await http.delete("/v1/sessions/current", headers=bearer(left))).status_code == 204
    assert (await http.get("/v1/hits", headers=bearer(left))).status_code == 401
    assert (await http.get("/v1/hits", headers=bearer(stays))).status_code == 200


async def test_a_session_ends_with_the_shift(gateway: GatewayAtWork, http: httpx.AsyncClient, person: Person) -> None:
    token = await token_of(http, person)
    started_at, ends_at = await gateway.administrator.fetchrow(
        "SELECT started_at, ends_at FROM sessions WHERE person_id = $1 ORDER BY started_at DESC", person.id
    )
    assert ends_at - started_at == timedelta(hours=12)
    await gateway.administrator.execute("UPDATE sessions SET ends_at = $2 WHERE ends_at = $1", ends_at, now())
    assert (await http.get("/v1/hits", headers=bearer(token))).status_code == 401


async def test_who_is_no_longer_active_is_out_at_once_and_stays_out(
    gateway: GatewayAtWork, http: httpx.AsyncClient
) -> None:
    person = await gateway.register("flagstaff")
    token = await token_of(http, person)
    await gateway.administrator.execute("UPDATE people SET active = false WHERE id = $1", person.id)
    assert (await http.get("/v1/hits", headers=bearer(token))).status_code == 401
    answer = await http.post("/v1/sessions", json={"username": person.username, "password": PASSWORD})
    assert (answer.status_code, answer.json()) == (401, REFUSED)


async def test_the_database_holds_no_secret_that_opens_a_session(
    gateway: GatewayAtWork, http: httpx.AsyncClient, person: Person
) -> None:
    token = await token_of(http, person)
    kept = await gateway.administrator.fetch("SELECT s.*, p.* FROM sessions s JOIN people p ON p.id = s.person_id")
    for value in (value for row in kept for value in row.values()):
        assert token not in str(value)
        assert PASSWORD not in str(value)
