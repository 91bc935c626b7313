"""Signing in by an agency's own identity provider, which is a process of its own."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect
from pydantic import SecretStr

from plateward.embedded.ports import answers_tcp, free_port
from plateward.embedded.readiness import poll_until
from services.gateway.people import Person
from services.gateway.settings import GatewaySettings, IdentityProvider
from tests.support.asking import asking
from tests.support.gateway_at_work import PATIENCE_SECONDS, GatewayAtWork
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

SECRET = "a secret of the gateway and its provider"


@dataclass(frozen=True, slots=True)
class Provider:
    url: str

    async def says(self, **claims: Any) -> None:
        async with asking() as http:
            (await http.post(f"{self.url}/says", json=claims)).raise_for_status()


@pytest.fixture(scope="module")
def gateway_settings(gateway_settings: GatewaySettings) -> GatewaySettings:
    """Barstow and Florence have a provider, of which Barstow takes the subject and Florence the address."""
    url, origin = f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{gateway_settings.http.port}"
    common: dict[str, Any] = {"issuer": url, "client_id": "plateward", "client_secret": SecretStr(SECRET)}
    providers = (
        IdentityProvider(agency="barstow", second_factor_amr=("mfa",), **common),
        IdentityProvider(agency="florence", claim="email", second_factor_amr=("pwd",), **common),
    )
    changes = {"identity_providers": providers, "origin": origin, "second_factor": "required"}
    return gateway_settings.model_copy(update=changes)


@pytest.fixture(scope="module")
async def provider(gateway_settings: GatewaySettings) -> AsyncIterator[Provider]:
    url = gateway_settings.identity_providers[0].issuer
    port = url.rpartition(":")[2]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.identity_provider", port, "plateward", SECRET),
        f"{gateway_settings.origin}/login/arrival",
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(lambda: answers_tcp(int(port)))
    yield Provider(url)
    process.terminate()
    await process.wait()


@pytest.fixture
async def http(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(gateway.url) as http:
        yield http


async def in_directory(gateway: GatewayAtWork, agency: str) -> tuple[Person, str]:
    """A person whom the provider names too, and their log-in there."""
    person = await gateway.register(agency)
    login = person.username
    name = f"{login}@agency.example" if agency == "florence" else login
    await gateway.administrator.execute("UPDATE people SET directory_name = $2 WHERE id = $1", person.id, name)
    return person, login


async def arrives(http: httpx.AsyncClient, agency: str, login: str) -> httpx.Response:
    """The way there and back, as a browser goes it."""
    away = await http.get(f"/login/with/{agency}")
    assert away.status_code == 303
    back = await http.post(away.headers["location"], data={"login": login})
    assert back.status_code == 302, back.text
    return await http.get(back.headers["location"])


async def test_whom_the_provider_vouches_for_with_two_factors_is_in_and_on_record(
    gateway: GatewayAtWork, http: httpx.AsyncClient, provider: Provider, access_tape: TopicTape
) -> None:
    await provider.says(amr=["pwd", "mfa"])
    person, login = await in_directory(gateway, "barstow")
    arrived = await arrives(http, "barstow", login)
    assert arrived.status_code == 200
    assert 'http-equiv="refresh"' in arrived.text
    me = (await http.get("/v1/people/me")).json()
    assert me["person"]["username"] == person.username
    assert [(one.phase, one.query["by"], one.actor) for one in await access_tape.sign_ins()] == [
        ("asked", "provider", person.actor),
        ("answered", "provider", person.actor),
    ]


async def test_without_a_second_factor_there_one_is_asked_for_here(
    gateway: GatewayAtWork, http: httpx.AsyncClient, provider: Provider
) -> None:
    await provider.says()
    _, login = await in_directory(gateway, "barstow")
    arrived = await arrives(http, "barstow", login)
    assert (arrived.status_code, "no second factor is set up" in arrived.text) == (401, True)
    assert (await http.get("/v1/people/me")).status_code == 401


async def test_an_address_counts_where_it_is_verified(
    gateway: GatewayAtWork, http: httpx.AsyncClient, provider: Provider
) -> None:
    _, login = await in_directory(gateway, "florence")
    await provider.says(email_verified=False)
    assert (await arrives(http, "florence", login)).status_code == 401
    await provider.says()
    assert (await arrives(http, "florence", login)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"nonce": "another"},
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"azp": "another-client"},
        {"forged": True},
        {"sub": ""},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_a_token_that_is_wrong_lets_nobody_in(
    gateway: GatewayAtWork, http: httpx.AsyncClient, provider: Provider, wrong: dict[str, Any]
) -> None:
    _, login = await in_directory(gateway, "barstow")
    await provider.says(amr=["mfa"], **wrong)
    assert (await arrives(http, "barstow", login)).status_code == 401
    assert (await http.get("/v1/people/me")).status_code == 401


async def test_whoever_has_no_open_account_of_that_agency_here_is_not_let_in(
    gateway: GatewayAtWork, http: httpx.AsyncClient, provider: Provider
) -> None:
    await provider.says(amr=["mfa"])
    assert "no open account here is yours" in (await arrives(http, "barstow", "stranger")).text
    person, login = await in_directory(gateway, "barstow")
    for change in ("active = false", "active = true, locked_at = now()", "locked_at = NULL, agency_id = 'florence'"):
        await gateway.administrator.execute(f"UPDATE people SET {change} WHERE id = $1", person.id)
        assert (await arrives(http, "barstow", login)).status_code == 401


async def test_a_sign_in_comes_back_once_and_to_the_browser_that_began_it(
    gateway: GatewayAtWork, http: httpx.AsyncClient, provider: Provider
) -> None:
    await provider.says(amr=["mfa"])
    _, login = await in_directory(gateway, "barstow")
    away = await http.get("/login/with/barstow")
    back = await http.post(away.headers["location"], data={"login": login})
    async with asking(gateway.url) as elsewhere:
        assert (await elsewhere.get(back.headers["location"])).status_code == 401
    state = http.cookies["plateward_state"]
    assert (await http.get(back.headers["location"])).status_code == 200
    again = await http.get(back.headers["location"], headers={"Cookie": f"plateward_state={state}"})
    assert again.status_code == 401
    assert (await http.get("/login/with/kentucky")).status_code == 401


async def test_a_browser_goes_there_and_back_and_is_on_its_desk(
    gateway: GatewayAtWork, provider: Provider, page: Page
) -> None:
    await provider.says(amr=["mfa"])
    _, login = await in_directory(gateway, "barstow")
    await page.goto(f"{gateway.url}/login")
    await page.get_by_role("link", name="Barstow Police Department").click()
    await page.get_by_label("User").fill(login)
    await page.get_by_role("button", name="Log in").click()
    await page.wait_for_url("**/desk")
    await expect(page.locator("body")).to_contain_text("D. Okafor")
