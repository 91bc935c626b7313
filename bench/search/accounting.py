"""What it costs that a search is gated, decided and logged: over HTTP, beside its bare SQL and an empty request.

The requests go by the standard library's client, which takes a tenth of the time that httpx takes for itself.
"""

import http.client
import json
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import asyncpg

from bench.search.agreed import PURPOSE
from bench.search.measuring import quantile
from bench.search.questions import Asked
from plateward.contracts.heartbeats import Heartbeat
from plateward.contracts.topics import HEARTBEATS
from plateward.embedded.ports import free_port
from plateward.embedded.processes import Program
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.settings import KafkaSettings
from plateward.policy.catalogue import load_catalogue
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.adapters.stores.read_finder import FIND, arguments
from services.gateway.people import Person
from services.gateway.searching.found import RESULTS_MAX
from services.gateway.searching.scopes import whole

AGENCY, TITLE = "stockton", "Detective"
PASSWORD = "a password of this run"
REASON = {
    "purpose": PURPOSE,
    "form": "dr",
    "values": {"dr_number": "26-19455", "synopsis": "Taken from a driveway overnight"},
}

WARM, TIMES = 5, 5
"""How often each question is asked before it counts, and then. Broker, gateway and database have run for a while."""


@dataclass(frozen=True, slots=True)
class Price:
    """The middle times, in milliseconds by the clock, of the same questions in the same minutes."""

    bare_ms: float
    gated_ms: float
    empty_http_ms: float
    records_ms: float
    """Two records acknowledged one after the other, and nothing else: what no search can do without."""

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


async def price_of_accounting(
    machine: OneMachine, pool: asyncpg.Pool, asked: list[Asked], owners: tuple[str, ...]
) -> Price:
    """Asks each question of these owners bare and over HTTP in turn, so that both meet the same load.

    Each time round another detective asks, as no person makes thousands of searches a month.
    """
    bare, gated, empty, records = list[float](), list[float](), list[float](), list[float]()
    async with open_publisher(KafkaSettings(bootstrap_servers=machine.kafka), source="bench") as publisher:
        gateway = http.client.HTTPConnection("127.0.0.1", machine.ports["gateway"])
        for time_round in range(WARM + TIMES):
            token = await _sign_in(gateway, pool)
            for number, one in enumerate(asked):
                # Whoever asks second finds the caches warm, so they take turns.
                if (time_round + number) % 2:
                    bare.append(await _bare_ms(pool, one, owners))
                    gated.append(_gated_ms(gateway, token, one, owners))
                else:
                    gated.append(_gated_ms(gateway, token, one, owners))
                    bare.append(await _bare_ms(pool, one, owners))
                empty.append(_empty_ms(gateway))
                records.append(await _records_ms(publisher))
        gateway.close()
    middle = (quantile(times[WARM * len(asked) :], 0.5) for times in (bare, gated, empty, records))
    return Price(*middle)


async def _sign_in(gateway: http.client.HTTPConnection, pool: asyncpg.Pool) -> str:
    person = Person(uuid.uuid4(), f"bench-{uuid.uuid4().hex[:8]}", "B. Ench", TITLE, AGENCY)
    required = load_catalogue()[AGENCY].training.required.values()
    trained = {training: now().date() - timedelta(days=1) for ids in required for training in ids}
    await PostgresPeople(pool).register(person, await Argon2Passwords().hashed(PASSWORD), trained)
    body = {"username": person.username, "password": PASSWORD}
    token: str = json.loads(_answer(gateway, "POST", "/v1/sessions", body))["token"]
    return token


async def _bare_ms(pool: asyncpg.Pool, asked: Asked, owners: tuple[str, ...]) -> float:
    values = arguments(asked.question, asked.places, whole(owners), None, RESULTS_MAX + 1)
    begun = time.perf_counter()
    await pool.fetch(FIND, *values)
    return _since(begun)


def _gated_ms(gateway: http.client.HTTPConnection, token: str, asked: Asked, owners: tuple[str, ...]) -> float:
    question = asked.question
    body = {
        "plate": question.plate,
        "captured_from": _iso(question.captured_from),
        "captured_until": _iso(question.captured_until),
        "owners": owners,
        "reason": REASON,
    }
    begun = time.perf_counter()
    answer = _answer(gateway, "POST", "/v1/searches", body, {"Authorization": f"Bearer {token}"})
    taken = _since(begun)
    if not all(part["granted"] for part in json.loads(answer)["owners"]):
        raise RuntimeError("an owner that refuses would be asked sooner")
    return taken


def _empty_ms(gateway: http.client.HTTPConnection) -> float:
    begun = time.perf_counter()
    _answer(gateway, "GET", "/healthz")
    return _since(begun)


async def _records_ms(publisher: Publisher) -> float:
    heartbeat = Heartbeat(process="bench", at=now())
    begun = time.perf_counter()
    await publisher.stamp(HEARTBEATS, heartbeat, heartbeat.at)
    await publisher.stamp(HEARTBEATS, heartbeat, heartbeat.at)
    return _since(begun)


def _answer(
    gateway: http.client.HTTPConnection,
    method: str,
    path: str,
    body: Mapping[str, object] | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    sent = None if body is None else json.dumps(body)
    gateway.request(method, path, sent, {"Content-Type": "application/json", **headers})
    answer = gateway.getresponse()
    text = answer.read()
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        raise RuntimeError(f"{path}: {answer.status} {text.decode()}")
    return text


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def _iso(at: datetime) -> str:
    return at.isoformat()
