"""Machines show who they are: once, with their certificate, and no more once they are ended; who fails is on record."""

from collections.abc import AsyncIterator

import httpx
import pytest

from plateward.client import TokenRefused
from plateward.contracts.access import AccessRecord
from plateward.kernel.clock import now
from tests.support.asking import asking
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.partners import (
    PartnerMachine,
    about,
    agreed_with,
    ed25519_key,
    keeper_of,
    p256_key,
    registered,
    token_form,
    token_of,
)
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

CERTIFICATE = "ab" * 32
HEADER = "X-Client-Certificate-SHA256"


@pytest.fixture(scope="module")
async def keeper(gateway: GatewayAtWork) -> Console:
    """Somebody who keeps Stockton's agreements, of which one is with Ashgrove."""
    await agreed_with(gateway, "stockton", "ashgrove")
    return await keeper_of(gateway, "stockton")


@pytest.fixture
async def machine(gateway: GatewayAtWork, keeper: Console) -> PartnerMachine:
    return await registered(gateway, keeper)


@pytest.fixture
async def http(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(gateway.url) as http:
        yield http


@pytest.fixture
async def not_the_edge(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    """Asks from an address of this machine at which the edge is not."""
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
    async with httpx.AsyncClient(base_url=gateway.url, transport=transport) as http:
        yield http


async def refusals(tape: TopicTape, machine: PartnerMachine) -> list[str]:
    """Why the machine was refused, as it is on record."""
    return [one.query["why"] for one in await _of(tape, machine) if one.action == "refuse-client"]


async def _of(tape: TopicTape, machine: PartnerMachine) -> list[AccessRecord]:
    asked = [one for one in await tape.accesses() if one.phase == "asked"]
    return [one for one in asked if one.actor.username == machine.client_id]


def is_refused(answer: httpx.Response, status: int, error: str) -> None:
    """In the words of RFC 6749 §5.2."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(answer.json()) == {"error", "error_description"}


async def searched(http: httpx.AsyncClient, machine: PartnerMachine, token: str, **headers: str) -> httpx.Response:
    content = machine.asked(about("TKN1"), "stockton")
    known = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return await http.post("/v1/partner/searches", content=content, headers=known | headers)


async def test_a_token_is_given_for_a_proof_and_each_proof_is_good_once(
    http: httpx.AsyncClient, machine: PartnerMachine, access_tape: TopicTape
) -> None:
    form = token_form(machine)
    given = (await http.post("/oauth/token", data=form)).raise_for_status()
    assert given.headers["Cache-Control"] == "no-store"
    token = given.json()
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 600, "reads.search")
    assert (await searched(http, machine, token["access_token"])).is_success
    is_refused(await http.post("/oauth/token", data=form), 401, "invalid_client")
    assert await refusals(access_tape, machine) == ["the assertion has been used before: each is good once"]
    assert "give-token" in [one.action for one in await _of(access_tape, machine)]


async def test_what_it_says_of_itself_is_what_it_does(http: httpx.AsyncClient, machine: PartnerMachine) -> None:
    said = (await http.get("/.well-known/oauth-authorization-server")).raise_for_status().json()
    assert said["token_endpoint"] == f"{said['issuer']}/oauth/token"
    for audience in (said["issuer"], said["token_endpoint"]):
        proof = machine.key.assertion(machine.client_id, audience, now())
        form = token_form(machine, client_assertion=proof, client_id=machine.client_id, scope="reads.search")
        (await http.post("/oauth/token", data=form)).raise_for_status()


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": "urn:another"}, 400, "invalid_client"),
        ({"client_assertion": ""}, 400, "invalid_client"),
        ({"client_assertion": "a.b.c"}, 401, "invalid_client"),
        ({"client_id": "another"}, 401, "invalid_client"),
        ({"scope": "reads.search everything"}, 400, "invalid_scope"),
        ({"scope": "hits.subscribe"}, 400, "invalid_scope"),
    ],
)
async def test_a_request_that_is_none_is_refused_in_oauths_words(
    http: httpx.AsyncClient, machine: PartnerMachine, changes: dict[str, str], status: int, error: str
) -> None:
    is_refused(await http.post("/oauth/token", data=token_form(machine, **changes)), status, error)


async def test_a_body_that_is_no_form_is_refused(http: httpx.AsyncClient, machine: PartnerMachine) -> None:
    form = token_form(machine)
    is_refused(await http.post("/oauth/token", json=form), 400, "invalid_request")
    twice = {"Content-Type": "application/x-www-form-urlencoded"}
    for content in (b"grant_type=a&grant_type=b", b"\xff=\xff", b"&".join(b"a%d=b" % n for n in range(30))):
        is_refused(await http.post("/oauth/token", content=content, headers=twice), 400, "invalid_request")


async def test_nobody_gets_in_in_anothers_name(
    gateway: GatewayAtWork, http: httpx.AsyncClient, keeper: Console, access_tape: TopicTape
) -> None:
    machine = await registered(gateway, keeper)
    thief = PartnerMachine(machine.client_id, "ashgrove", ed25519_key(), machine.url, machine.audience)
    is_refused(await http.post("/oauth/token", data=token_form(thief)), 401, "invalid_client")
    elsewhere = PartnerMachine(machine.client_id, "ashgrove", machine.key, machine.url, "https://another.example")
    is_refused(await http.post("/oauth/token", data=token_form(elsewhere)), 401, "invalid_client")
    stranger = PartnerMachine("ashgrove-0", "ashgrove", machine.key, machine.url, machine.audience)
    is_refused(await http.post("/oauth/token", data=token_form(stranger)), 401, "invalid_client")
    whys = await refusals(access_tape, machine)
    assert [why[:30] for why in whys] == ["the assertion: names no key of", "aud must be this gateway's iss"]
    (record,) = {one.owners for one in await _of(access_tape, machine) if one.action == "refuse-client"}
    assert record == ("stockton",), "those whose data it is about see it"


@pytest.mark.parametrize("token", ["nothing", "x" * 5000])
async def test_no_other_word_is_a_token(http: httpx.AsyncClient, machine: PartnerMachine, token: str) -> None:
    answer = await searched(http, machine, token)
    assert (answer.status_code, answer.json()["title"]) == (401, "Get a token first")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_an_ended_client_has_no_living_token_and_gets_none(
    http: httpx.AsyncClient, keeper: Console, machine: PartnerMachine, access_tape: TopicTape
) -> None:
    token = await token_of(http, machine)
    assert (await searched(http, machine, token)).is_success
    path, why = f"/v1/partner-clients/{machine.client_id}/end", {"why": "Its key was on a lost laptop"}
    ended = (await keeper.http.post(path, json=why)).raise_for_status().json()
    assert (ended["owners"], ended["ended"]["why"]) == ([], why["why"])
    assert (await searched(http, machine, token)).status_code == 401
    is_refused(await http.post("/oauth/token", data=token_form(machine)), 401, "invalid_client")
    assert await refusals(access_tape, machine) == ["the client has been ended"]
    async with machine.client() as client:
        with pytest.raises(TokenRefused, match="has been ended"):
            await client.request("GET", "/v1/partner/searches")


async def test_tokens_of_a_client_with_a_certificate_are_worth_nothing_without_it(
    gateway: GatewayAtWork,
    http: httpx.AsyncClient,
    not_the_edge: httpx.AsyncClient,
    keeper: Console,
    access_tape: TopicTape,
) -> None:
    machine = await registered(gateway, keeper, key=p256_key(), certificate_sha256=CERTIFICATE)
    shown, another = {HEADER: CERTIFICATE.upper()}, {HEADER: "cd" * 32}
    twice = [(HEADER, CERTIFICATE), (HEADER, CERTIFICATE)]
    for headers in ({}, another, {HEADER: ""}, {HEADER: "nonsense"}, twice):
        refused = await http.post("/oauth/token", data=token_form(machine), headers=headers)
        is_refused(refused, 401, "invalid_client")
    # What says so from elsewhere is nothing but a header, whatever it says of whom it speaks for.
    for headers in (shown, shown | {"X-Forwarded-For": "127.0.0.1"}):
        refused = await not_the_edge.post("/oauth/token", data=token_form(machine), headers=headers)
        is_refused(refused, 401, "invalid_client")
    token = await token_of(http, machine, **shown, **{"X-Forwarded-For": "203.0.113.9"})
    assert (await searched(http, machine, token, **shown)).is_success
    before = len(await refusals(access_tape, machine))
    for other, headers in ((http, {}), (http, another), (not_the_edge, shown)):
        assert (await searched(other, machine, token, **headers)).status_code == 401
    whys = await refusals(access_tape, machine)
    assert len(whys) == before + 3
    assert whys[-1] == "a token: the client speaks TLS without the certificate that is on file for it"
