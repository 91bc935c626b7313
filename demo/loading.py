"""Loading the region into the running services: people and cameras into their stores, entries over the gateway."""

import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import httpx
from pydantic import SecretStr

from demo.region import DemoCamera, DemoEntry, DemoPerson, Region
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.plates.confusion import match_key
from plateward.plates.normalise import normalise
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.people_store import PostgresPeople
from services.ingest.adapters.camera_store import CameraStore

ENTRY_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entered:
    """A hot-list entry in force, and the entry of the region that it came from."""

    id: uuid.UUID
    agency_id: str
    key: str
    entry: DemoEntry


async def register_people(machine: OneMachine, people: Iterable[DemoPerson]) -> str:
    """Registers everybody and returns the password that they share: new at each start, and of the demo only."""
    password = secrets.token_urlsafe(9)
    passwords = Argon2Passwords()
    hashed = await passwords.hashed(password)
    async with database_pool(_database(machine, "gateway"), schema="gateway") as pool:
        store = PostgresPeople(pool)
        for one in people:
            await store.register(one.person, hashed)
    return password


async def register_cameras(machine: OneMachine, cameras: Sequence[DemoCamera]) -> dict[str, str]:
    """Registers the cameras, each with a new key, and returns the keys."""
    keys = {camera.id: secrets.token_urlsafe(32) for camera in cameras}
    async with database_pool(_database(machine, "ingest"), schema="ingest") as pool:
        store = CameraStore(pool)
        for one in cameras:
            await store.register(one.camera, keys[one.id])
    return keys


async def sign_in(gateway: httpx.AsyncClient, username: str, password: str) -> str:
    """A token of this person."""
    answer = await gateway.post("/v1/sessions", json={"username": username, "password": password})
    answer.raise_for_status()
    return str(answer.json()["token"])


async def enter_vehicles(
    gateway: httpx.AsyncClient, region: Region, entries: Iterable[DemoEntry], password: str
) -> list[Entered]:
    """Has each vehicle on its agency's list, entering those that are not on it yet."""
    entered = []
    tokens: dict[str, dict[str, str]] = {}
    listed: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry.by not in tokens:
            tokens[entry.by] = {"Authorization": f"Bearer {await sign_in(gateway, entry.by, password)}"}
            answer = await gateway.get("/v1/hot-list/entries", headers=tokens[entry.by])
            answer.raise_for_status()
            listed.setdefault(region.agency_of(entry.by), {one["plate"]: one["id"] for one in answer.json()})
        on_list = listed[region.agency_of(entry.by)]
        plate = normalise(entry.plate)
        if plate not in on_list:
            request = entry.as_request(now() + ENTRY_LASTS)
            answer = await gateway.post("/v1/hot-list/entries", json=request, headers=tokens[entry.by])
            answer.raise_for_status()
            on_list[plate] = answer.json()["id"]
        entered.append(Entered(uuid.UUID(on_list[plate]), region.agency_of(entry.by), match_key(plate), entry))
    return entered


def _database(machine: OneMachine, service: str) -> DatabaseSettings:
    return DatabaseSettings(dsn=SecretStr(machine.dsn(service)), connections=2)
