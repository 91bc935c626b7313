"""The client gets tokens and renews them, tries again what may be tried again, resumes streams, says what is wrong."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from plateward.client import (
    Conflict,
    NotAuthenticated,
    OutOfForm,
    PartnerClient,
    Patience,
    Refused,
    StreamEvent,
    TokenRefused,
    TooOften,
    Unavailable,
    Unreachable,
)
from plateward.contracts.partners import PartnerSearchAnswered
from plateward.kernel.problems import Problem
from tests.support.partners import ed25519_key

AT_ONCE = Patience(tries=3, first_seconds=0.0)
KEY = ed25519_key()

Answer = httpx.Response | Exception


class Gateway:
    """A gateway that gives these answers, one after the other, and tokens as they are asked for."""

    def __init__(self, *answers: Answer, lasts_seconds: int = 600) -> None:
        self._answers, self._lasts_seconds = list(answers), lasts_seconds
        self.asked: list[httpx.Request] = []
        self.tokens = 0

    def client(self, patience: Patience = AT_ONCE) -> PartnerClient:
        transport = httpx.MockTransport(self._answer)
        return PartnerClient("https://b.example/", "ashgrove-1", KEY, patience=patience, transport=transport)

    @property
    def bearers(self) -> list[str]:
        """The tokens by which was asked."""
        return [one.headers["Authorization"].removeprefix("Bearer ") for one in self.asked]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            self.tokens += 1
            return httpx.Response(200, json={"access_token": f"t{self.tokens}", "expires_in": self._lasts_seconds})
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def problem(status: int, **headers: str) -> httpx.Response:
    response = Problem(status, "So it is", "in detail", errors=[{"field": "plate", "rule": "is none"}]).response()
    return httpx.Response(status, content=bytes(response.body), headers=headers)


OK = httpx.Response(200, json={})


async def asked(gateway: Gateway, patience: Patience = AT_ONCE) -> httpx.Response:
    async with gateway.client(patience) as client:
        return await client.request("POST", "/v1/partner/searches")


async def test_one_token_is_for_many_requests_and_many_tasks() -> None:
    gateway = Gateway(*[OK] * 5)
    async with gateway.client() as client:
        await asyncio.gather(*(client.request("GET", "/v1/partner/anything") for _ in range(5)))
    assert (gateway.tokens, gateway.bearers) == (1, ["t1"] * 5)


async def test_a_token_that_ends_soon_is_renewed() -> None:
    gateway = Gateway(OK, OK, lasts_seconds=29)
    async with gateway.client() as client:
        for _ in range(2):
            await client.request("GET", "/v1/partner/anything")
    assert gateway.bearers == ["t1", "t2"]


async def test_a_token_that_is_refused_is_renewed_once() -> None:
    gateway = Gateway(problem(401), OK)
    assert (await asked(gateway)).is_success
    assert gateway.bearers == ["t1", "t2"]
    with pytest.raises(NotAuthenticated):
        await asked(Gateway(problem(401), problem(401)))


@pytest.mark.parametrize("fails", [429, 502, 503, 504, httpx.ConnectError("none"), httpx.ReadTimeout("late")])
async def test_what_may_pass_is_tried_again(fails: int | Exception) -> None:
    def failure() -> Answer:
        return fails if isinstance(fails, Exception) else problem(fails)

    assert (await asked(Gateway(failure(), failure(), OK))).is_success
    with pytest.raises((TooOften, Unavailable, Unreachable)):
        await asked(Gateway(failure(), failure(), failure()))


@pytest.mark.parametrize(("status", "kind"), [(409, Conflict), (422, OutOfForm), (400, Refused), (500, Refused)])
async def test_what_will_not_pass_is_told_at_once(status: int, kind: type[Refused]) -> None:
    gateway = Gateway(problem(status))
    with pytest.raises(kind) as told:
        await asked(gateway)
    assert str(told.value) == "So it is: in detail: plate is none"
    assert [(one.field, one.rule) for one in told.value.errors] == [("plate", "is none")]
    assert len(gateway.asked) == 1


async def test_an_answer_that_is_no_problem_is_one_all_the_same() -> None:
    with pytest.raises(Refused, match="418"):
        await asked(Gateway(httpx.Response(418, text="<html>")))
    async with Gateway(httpx.Response(200, text="<html>")).client() as client:
        with pytest.raises(Refused, match="not of the contract"):
            await client.call("POST", "/v1/partner/searches", PartnerSearchAnswered)


def test_pauses_grow_within_bounds_and_a_gateway_is_waited_for_as_long_as_it_says() -> None:
    patience = Patience(tries=8, first_seconds=1.0, longest_seconds=5.0)
    for tried, bounds in {1: (0.5, 1.0), 2: (1.0, 2.0), 3: (2.0, 4.0), 4: (2.5, 5.0), 7: (2.5, 5.0)}.items():
        pause = patience.pause_seconds(tried)
        assert pause is not None
        assert bounds[0] <= pause <= bounds[1]
    assert patience.pause_seconds(8) is None
    assert patience.pause_seconds(1, problem(429, **{"Retry-After": "4"})) == 4.0
    assert patience.pause_seconds(1, problem(429, **{"Retry-After": "6"})) is None, "it asks for more than is borne"
    soon = patience.pause_seconds(1, problem(503, **{"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}))
    assert soon is not None


async def test_a_refused_token_says_why() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"error": "invalid_client", "error_description": "has been ended"})

    async with PartnerClient(
        "https://b.example", "ashgrove-1", KEY, patience=AT_ONCE, transport=httpx.MockTransport(refuse)
    ) as client:
        with pytest.raises(TokenRefused, match="invalid_client: has been ended"):
            await client.token()


def stream(*events: str) -> httpx.Response:
    return httpx.Response(200, text="".join(f"{event}\n\n" for event in events))


async def test_a_stream_goes_on_where_it_broke_off() -> None:
    gateway = Gateway(
        stream(": hello", "id: 4\nevent: hit\ndata: a\ndata: b"),
        httpx.ConnectError("none"),
        problem(401),
        stream("id: 5\ndata:c"),
        problem(403),
    )
    async with gateway.client() as client:
        told: list[StreamEvent] = []
        with pytest.raises(Refused):
            async for event in client.stream("/v1/partner/hits/stream", after="3"):
                told += [event]
    assert told == [StreamEvent("hit", "a\nb", "4"), StreamEvent("message", "c", "5")]
    assert [one.headers.get("Last-Event-ID") for one in gateway.asked] == ["3", "4", "4", "4", "5"]
    assert gateway.bearers[2:4] == ["t1", "t2"], "what has run out while it was open is renewed"


@pytest.mark.parametrize("make", [lambda: problem(503), lambda: httpx.ConnectError("none")])
async def test_a_stream_that_cannot_be_opened_again_says_so(make: Callable[[], Answer]) -> None:
    gateway = Gateway(*[make() for _ in range(3)])
    async with gateway.client() as client:
        with pytest.raises((Unavailable, Unreachable)):
            async for _ in client.stream("/v1/partner/hits/stream"):
                raise AssertionError("there is none")
    assert len(gateway.asked) == 3
