"""Every door of the gateway, as every title of every agency and without a session, against the table of who may."""

from collections.abc import AsyncIterator, Mapping
from typing import get_args

import httpx
import pytest
from fastapi import FastAPI

from plateward.contracts.partners import ClientScope
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.factory import running
from services.gateway.settings import GatewaySettings
from tests.integration.test_gateway_fences import is_fenced
from tests.support.asking import asking
from tests.support.doors import ANYONE, SIGNED_IN, Door, doors_in, knock, table
from tests.support.gateway_at_work import TITLES, Console, GatewayAtWork
from tests.support.partners import keeper_of, registered, token_of
from tests.support.things import rights_of, somebody_has, things_of, titled_for, titles_apart

pytest_plugins = ["tests.support.gateway"]

DOORS = table()

Things = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
async def app(gateway_settings: GatewaySettings) -> AsyncIterator[FastAPI]:
    """The application, to look at its routes."""
    async with running(gateway_settings) as wired:
        yield wired.app


@pytest.fixture(scope="module")
async def things(gateway: GatewayAtWork) -> Things:
    """What each agency has."""
    return {agency: await things_of(gateway, agency) for agency in TITLES}


@pytest.fixture
async def http(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(gateway.url) as http:
        yield http


def test_the_table_names_every_door_and_none_that_is_not_there(app: FastAPI) -> None:
    has, named = set(doors_in(app)), {(door.method, door.path) for door in DOORS}
    assert has - named == set(), "these doors are not in the table"
    assert named - has == set(), "these doors are not there"


def test_all_that_doors_ask_for_is_an_agencys(things: Things) -> None:
    asked = {name for door in DOORS if not door.is_for_machines for name in door.parameters} - {"kind", "place"}
    assert asked <= things["florence"].keys(), "tests/support/things.py makes none of these"


async def test_without_a_session_no_door_opens_that_is_not_for_anyone(http: httpx.AsyncClient, things: Things) -> None:
    for door in DOORS:
        answer = await answered(http, knock(door, things["florence"], None, http))
        if door.who == ANYONE:
            assert answer.status_code not in (403, 405), door
        elif door.is_for_machines:
            assert (answer.status_code, answer.json()["title"]) == (401, "Get a token first"), door
        elif door.is_page:
            assert (answer.status_code, answer.headers["location"]) == (303, "/login"), door
        else:
            assert (answer.status_code, answer.json()["title"]) == (401, "Sign in first"), door


@pytest.mark.parametrize(("agency", "title"), [(agency, title) for agency in TITLES for title in titles_apart(agency)])
async def test_a_title_goes_through_the_doors_that_its_agencys_policy_gives_it(
    gateway: GatewayAtWork, http: httpx.AsyncClient, things: Things, agency: str, title: str
) -> None:
    person = await gateway.register(agency, title)
    console = await gateway.sign_in(person)
    rights = rights_of(agency, title)
    for door in sorted(DOORS, key=lambda door: door.ends_the_session):
        if door.ends_the_session:
            console = await gateway.sign_in(person)
        answer = await answered(http, as_this_one(console, door, knock(door, things[agency], console, http)))
        if door.is_for_machines:
            assert answer.status_code == 401, (str(door), "is open to a person's session")
            continue
        refused = door.who not in (ANYONE, SIGNED_IN) and not door.rights & rights
        assert (answer.status_code == 403) == refused, (str(door), answer.status_code, answer.text)
        assert answer.status_code < 500, door
        assert answer.status_code != 401 or door.who == ANYONE, door


async def test_a_machines_token_opens_the_doors_of_its_scope_and_none_of_a_persons(
    gateway: GatewayAtWork, http: httpx.AsyncClient, things: Things
) -> None:
    keeper = await keeper_of(gateway, "stockton")
    tokens = {
        scope: await token_of(http, await registered(gateway, keeper, "stockton-county", scopes=[scope]))
        for scope in get_args(ClientScope)
    }
    for door in (door for door in DOORS if door.who != ANYONE):
        for scope, token in tokens.items():
            request = knock(door, things["stockton"], None, http)
            request.headers["Authorization"] = f"Bearer {token}"
            if not door.is_for_machines:
                request.headers["Cookie"] = f"{SESSION_COOKIE}={token}"
            answer = await answered(http, request)
            if door.is_for_machines:
                assert (answer.status_code == 403) == (scope != door.who), (str(door), scope, answer.text)
                assert answer.status_code != 401, door
            elif door.is_page:
                assert answer.headers["location"] == "/login", door
            else:
                assert answer.status_code == 401, door


@pytest.mark.parametrize("agency", TITLES)
async def test_what_is_another_agencys_is_not_there(
    gateway: GatewayAtWork, http: httpx.AsyncClient, things: Things, agency: str
) -> None:
    other, consoles = next(one for one in TITLES if one != agency), dict[str, Console]()
    for door in DOORS:
        if not door.parameters or door.who == ANYONE or door.is_for_machines:
            continue
        held = [right for right in sorted(door.rights) if somebody_has(agency, right)]
        if door.rights and not held:  # the agency's policy asks for no approval of entries
            continue
        title = titled_for(agency, held[0]) if held else TITLES[agency]
        if title not in consoles:
            consoles[title] = await gateway.sign_in(await gateway.register(agency, title))
        console = consoles[title]
        for name in set(door.parameters) - {"kind", "place"}:
            asked = dict(things[agency]) | {name: things[other][name]}
            answer = await answered(http, as_this_one(console, door, knock(door, asked, console, http)))
            assert answer.status_code == 404, (str(door), name, answer.status_code, answer.text)


def as_this_one(console: Console, door: Door, request: httpx.Request) -> httpx.Request:
    """The request, by a program with the person's token or by a browser with their cookie."""
    if door.is_page:
        request.headers["Cookie"] = f"{SESSION_COOKIE}={console.token}"
    else:
        request.headers["Authorization"] = f"Bearer {console.token}"
    return request


async def answered(http: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """The answer, with all the headers that every answer must have; of a stream only its beginning."""
    answer = await http.send(request, stream=True)
    try:
        is_fenced(answer)
        is_public = request.url.path.startswith(("/transparency", "/v1/transparency")) and answer.is_success
        if not is_public and not request.url.path.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store"
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            await answer.aread()
    finally:
        await answer.aclose()
    return answer
