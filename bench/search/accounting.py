"""What it costs that a search is gated, decided and logged: over HTTP, beside its bare SQL and an empty request."""

import json
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
import httpx

from bench.search.measuring import quantile
from bench.search.questions import Asked
from plateward.embedded.ports import free_port
from plateward.embedded.processes import Program
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.policy.catalogue import load_catalogue
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.adapters.stores.read_finder import FIND, arguments
from services.gateway.people import Person
from services.gateway.searching.found import RESULTS_MAX
from services.gateway.searching.scopes import whole

AGENCY, TITLE = "flagstaff", "Detective"
PASSWORD = "a password of this run"
CASE = "E26004417"
REASON = {
    "purpose": "stolen-vehicle",
    "form": "event",
    "values": {"event_number": CASE, "detail": "Taken from a driveway overnight"},
}


@dataclass(frozen=True, slots=True)
class Price:
    """The middle times, in milliseconds by the clock, of the same questions in the same minutes."""

    bare_ms: float
    gated_ms: float
    empty_http_ms: float

    @property
    def ratio(self) -> float:
        """What a gated search takes beyond an empty request, as a multiple of its bare SQL."""
        return round((self.gated_ms - self.empty_http_ms) / self.bare_ms, 2)


def programs_of(machine: OneMachine) -> list[Program]:
    """The gateway, and a register that knows the case: without one, a plate could be searched five times only."""
    port = free_port()
    register = Program(
        name="case-register",
        argv=(sys.executable, "-m", "demo.case_register", str(port)),
        env={},
        log=machine.folder / "logs" / "case-register.log",
        ready_url=f"http://127.0.0.1:{port}/readyz",
    )
    registers = json.dumps({AGENCY: f"http://127.0.0.1:{port}/{AGENCY}"})
    return [machine.program("gateway", PLATEWARD_GATEWAY_CASE_REGISTERS=registers), register]


async def price_of_accounting(machine: OneMachine, pool: asyncpg.Pool, asked: list[Asked], rounds: int) -> Price:
    """Asks each question bare and over HTTP in turn, so that both meet the same load."""
    bare: list[float] = []
    gated: list[float] = []
    empty: list[float] = []
    async with httpx.AsyncClient(base_url=machine.url("gateway"), timeout=60, trust_env=False) as http:
        await _sign_in(http, pool)
        for number in range(-len(asked), rounds):
            one = asked[number % len(asked)]
            times = (await _bare_ms(pool, one), await _gated_ms(http, one), await _empty_ms(http))
            if number >= 0:  # the first round of each question warms what has to be warm
                for values, value in zip((bare, gated, empty), times, strict=True):
                    values.append(value)
    return Price(quantile(bare, 0.5), quantile(gated, 0.5), quantile(empty, 0.5))


async def _sign_in(http: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    person = Person(uuid.uuid4(), f"bench-{uuid.uuid4().hex[:8]}", "B. Ench", TITLE, AGENCY)
    required = load_catalogue()[AGENCY].training.required.values()
    trained = {training: now().date() - timedelta(days=1) for ids in required for training in ids}
    await PostgresPeople(pool).register(person, await Argon2Passwords().hashed(PASSWORD), trained)
    answer = await http.post("/v1/sessions", json={"username": person.username, "password": PASSWORD})
    http.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"


async def _bare_ms(pool: asyncpg.Pool, asked: Asked) -> float:
    values = arguments(asked.question, asked.places, whole([AGENCY]), None, RESULTS_MAX + 1)
    begun = time.perf_counter()
    await pool.fetch(FIND, *values)
    return _since(begun)


async def _gated_ms(http: httpx.AsyncClient, asked: Asked) -> float:
    question = asked.question
    body = {
        "plate": question.plate,
        "captured_from": _iso(question.captured_from),
        "captured_until": _iso(question.captured_until),
        "reason": REASON,
    }
    begun = time.perf_counter()
    answer = await http.post("/v1/searches", json=body)
    taken = _since(begun)
    answer.raise_for_status()
    return taken


async def _empty_ms(http: httpx.AsyncClient) -> float:
    begun = time.perf_counter()
    await http.get("/healthz")
    return _since(begun)


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def _iso(at: datetime) -> str:
    return at.isoformat()
