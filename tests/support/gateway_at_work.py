"""A gateway that serves, with people who can sign in, and reads and hits for them to see."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import msgspec
from argon2 import PasswordHasher
from pydantic import SecretStr

from plateward.contracts.access import AccessRecord, Reason
from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead, ReadImages
from plateward.embedded.readiness import poll_until
from plateward.kernel.blobs import open_blobs
from plateward.kernel.clock import now
from plateward.kernel.images import open_images
from plateward.kernel.lifecycle import Loop, http_server
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import WITH_SCHEMA
from plateward.policy.catalogue import load_catalogue
from services.gateway.adapters.stores.hits import PostgresHits
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.factory import running
from services.gateway.people import Person
from services.gateway.settings import GatewaySettings
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.read_store import ReadStore
from tests.support.asking import asking
from tests.unit.retention.events import a_hit, a_read

PATIENCE_SECONDS = 30
POLICIES = load_catalogue()
PASSWORD = "a password of a test"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Argon2id as the gateway takes it, made to be checked quickly."""

TITLES = {
    "barstow": "Detective",
    "flagstaff": "Detective",
    "florence": "Officer",
    "kentucky": "Detective",
    "stockton": "Detective",
}
"""A title with full rights in each agency."""

ACCEPTED = {
    "barstow": Reason(
        purpose="stolen-vehicle", form="case", values={"case_number": "26-004417", "detail": "taken overnight"}
    ),
    "flagstaff": Reason(
        purpose="stolen-vehicle", form="event", values={"event_number": "E2600417", "detail": "taken overnight"}
    ),
    "florence": Reason(
        purpose="stolen-vehicle", form="case", values={"case_number": "26-0417", "detail": "taken overnight"}
    ),
    "kentucky": Reason(purpose="stolen-vehicle", form="case", values={"case_number": "26-0417"}),
    "stockton": Reason(
        purpose="stolen-vehicle", form="dr", values={"dr_number": "26-01234", "synopsis": "taken overnight"}
    ),
}
"""A reason that each agency accepts."""

ROLE_PASSWORDS = {name: f"of-{name}" for name in WITH_SCHEMA}


@dataclass(frozen=True, slots=True)
class Console:
    """A person signed in, and the HTTP client that carries their session."""

    person: Person
    http: httpx.AsyncClient

    @property
    def token(self) -> str:
        """The session's secret, as a browser has it in a cookie."""
        return self.http.headers["Authorization"].removeprefix("Bearer ")

    def search(self, plate: str = "AB0123", **changes: Any) -> dict[str, Any]:
        """What to post to search: this plate in the last hour, for a reason that the person's agency accepts."""
        asked = {
            "plate": plate,
            "captured_from": (now() - timedelta(hours=1)).isoformat(),
            "captured_until": (now() + timedelta(minutes=1)).isoformat(),
            "reason": msgspec.to_builtins(ACCEPTED[self.person.agency_id]),
        }
        return asked | changes

    def explanation(self, read_id: str) -> dict[str, Any]:
        """What to post to have explained what came of a read, for a reason that the person's agency accepts."""
        return {"read_id": read_id, "reason": msgspec.to_builtins(ACCEPTED[self.person.agency_id])}


class NoLog:
    """A log that nothing is written to: for what is no look."""

    async def append(self, record: AccessRecord) -> None:
        raise AssertionError("nothing was looked at")


def an_entry(**changes: Any) -> dict[str, Any]:
    """What to post to enter a vehicle."""
    entry = {
        "plate": "7kxr 214",
        "category": "stolen-vehicle",
        "priority": "high",
        "reason": "Stolen from a driveway overnight",
        "case_number": "26-004417",
        "requested_by": "D. Okafor",
        "contact": "ext. 2214",
        "expires_at": (now() + timedelta(days=7)).isoformat(),
    }
    return entry | changes


def a_hold(*read_ids: str) -> dict[str, Any]:
    """What to post to have reads kept for a case."""
    ends_on = now().date() + timedelta(days=300)
    reason = "It puts the vehicle at the scene"
    return {"case_number": "26-004417", "reason": reason, "ends_on": str(ends_on), "read_ids": list(read_ids)}


def current_training(agency: str) -> dict[str, date]:
    """All that the agency asks for, completed yesterday; none of an agency without a profile."""
    profile = POLICIES.get(agency)
    required = profile.training.required.values() if profile else ()
    return {training_id: now().date() - timedelta(days=1) for ids in required for training_id in ids}


@dataclass(frozen=True, slots=True)
class GatewayAtWork:
    """A gateway that serves, and the ways around it by which a test prepares what people will find."""

    url: str
    settings: GatewaySettings
    administrator: asyncpg.Pool
    """Connections of the database's superuser, who may lock and revoke."""
    stopping: asyncio.Event
    _open: AsyncExitStack

    async def register(self, agency: str, title: str | None = None, name: str = "D. Okafor") -> Person:
        """A person of this agency, with full rights unless another title is given."""
        username = f"{agency}-{uuid.uuid4().hex[:8]}"
        person = Person(uuid.uuid4(), username, name, title or TITLES[agency], agency)
        await PostgresPeople(self.administrator).register(person, PASSWORD_HASH, current_training(agency))
        return person

    async def sign_in(self, person: Person) -> Console:
        """A session of this person."""
        http = await self._open.enter_async_context(asking(self.url))
        answer = await http.post("/v1/sessions", json={"username": person.username, "password": PASSWORD})
        http.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
        return Console(person, http)

    async def keep_read(self, agency: str, **changes: Any) -> PlateRead:
        """A read of this agency with its pictures, where the retention service keeps them."""
        read = a_read(agency_id=agency, **changes)
        read = msgspec.structs.replace(read, images=await self._keep_pictures(read))
        await self._store([read])
        return read

    async def copy_read(self, read: PlateRead, times: int) -> None:
        """As many reads more of the same plate at the same moment."""
        await self._store([msgspec.structs.replace(read, id=uuid.uuid4()) for _ in range(times)])

    async def keep_hit(
        self, *agencies: str, list_id: str = "department", distribution: tuple[str, ...] = (), **changes: Any
    ) -> HitRaised:
        """A hit that these agencies may see, in the feed, with its read's pictures; on the first one's entry."""
        read = a_read(agency_id=agencies[0], **changes)
        read = msgspec.structs.replace(read, images=await self._keep_pictures(read))
        hit = a_hit(read, agencies=agencies)
        entry = msgspec.structs.replace(hit.entry, agency_id=agencies[0], list_id=list_id, distribution=distribution)
        hit = msgspec.structs.replace(hit, entry=entry)
        await PostgresHits(self.administrator).append([hit])
        return hit

    async def purge_pictures(self, read: PlateRead) -> None:
        """Deletes a read's pictures, as on its day."""
        await open_blobs(self.settings.blobs).delete_all(f"{read.expires_on}/{read.agency_id}/{read.id}")

    async def _store(self, reads: list[PlateRead]) -> None:
        dsn = SecretStr(dsn_of("retention", self.settings.database.dsn.get_secret_value()))
        async with database_pool(DatabaseSettings(dsn=dsn, connections=1), schema="retention") as pool:
            await PartitionStore(pool).ensure("reads", {read.expires_on for read in reads})
            await ReadStore(pool).add(reads)

    async def _keep_pictures(self, read: PlateRead) -> ReadImages:
        folder = f"{read.expires_on}/{read.agency_id}/{read.id}"
        plate, scene = f"{folder}/plate.jpg", f"{folder}/scene.jpg"
        for key in (plate, scene):
            await open_images(self.settings.blobs, self.settings.keys).put(key, key.encode())
        return ReadImages(plate=plate, scene=scene)


@asynccontextmanager
async def gateway_at_work(settings: GatewaySettings, administrator_dsn: str) -> AsyncIterator[GatewayAtWork]:
    """A gateway process's insides, serving until the end of the block; what fails in a loop fails the block."""
    stopping = asyncio.Event()
    serving = asyncio.create_task(_serve(settings, stopping))
    try:
        async with reached(settings, administrator_dsn, stopping, alive=lambda: not serving.done()) as gateway:
            yield gateway
    finally:
        stopping.set()
        await serving


@asynccontextmanager
async def reached(
    settings: GatewaySettings, administrator_dsn: str, stopping: asyncio.Event, *, alive: Callable[[], bool]
) -> AsyncIterator[GatewayAtWork]:
    """The gateway with these settings, whoever runs it, once it is ready."""
    url = f"http://127.0.0.1:{settings.http.port}"
    administrator = DatabaseSettings(dsn=SecretStr(administrator_dsn))
    async with database_pool(administrator, schema="gateway") as pool, AsyncExitStack() as clients:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(lambda: _ready(url, alive))
        yield GatewayAtWork(url, settings, pool, stopping, clients)


async def _serve(settings: GatewaySettings, stopping: asyncio.Event) -> None:
    async with running(settings) as wired, asyncio.TaskGroup() as tasks:
        tasks.create_task(http_server(wired.app, settings.http).run_until(stopping))
        for loop in wired.loops:
            tasks.create_task(_until_stopped(loop, stopping))


async def _until_stopped(loop: Loop, stopping: asyncio.Event) -> None:
    await loop(stopping)
    assert stopping.is_set(), "a loop of the gateway ended by itself"


async def _ready(url: str, alive: Callable[[], bool]) -> bool:
    assert alive(), "the gateway has ended before it was ready"
    try:
        async with asking() as http:
            return (await http.get(f"{url}/readyz")).is_success
    except httpx.TransportError:
        return False


def dsn_of(service: str, dsn: str) -> str:
    """How a service logs in to the database of this DSN."""
    url = urlsplit(dsn)
    netloc = f"plateward_{service}:{ROLE_PASSWORDS[service]}@{url.hostname}:{url.port}"
    return url._replace(netloc=netloc).geturl()
