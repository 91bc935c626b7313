"""Loading the region into the running services: people into their store, cameras and entries over the gateway."""

import asyncio
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
from pydantic import SecretStr

from demo.region import DemoCamera, DemoEntry, DemoPerson, Region
from plateward.embedded.readiness import poll_until
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.plates.confusion import match_key
from plateward.plates.normalise import normalise
from plateward.policy.catalogue import load_catalogue
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.stores.people import PostgresPeople
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.cameras import key_hash

ENTRY_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entered:
    """A hot-list entry in force, and the entry of the region that it came from."""

    id: uuid.UUID
    agency_id: str
    key: str
    entry: DemoEntry


async def register_people(machine: OneMachine, people: Iterable[DemoPerson]) -> str:
    """Registers everybody, trained as their agency asks; returns the password that they share.

    It is new at each start, and of the demo only, where no second factor is asked for.
    """
    password = secrets.token_urlsafe(9)
    passwords, policies = Argon2Passwords(), load_catalogue()
    hashed = await passwords.hashed(password)
    async with database_pool(_database(machine, "gateway"), schema="gateway") as pool:
        store = PostgresPeople(pool)
        for one in people:
            required = policies[one.agency].training.required.values()
            completed_on = now().date() - timedelta(days=1)
            trainings = {training_id: completed_on for ids in required for training_id in ids}
            await store.register(one.person, hashed, trainings)
    return password


async def register_cameras(
    machine: OneMachine, gateway: httpx.AsyncClient, region: Region, cameras: Sequence[DemoCamera], password: str
) -> dict[str, str]:
    """Has each camera on file and in service, with a new key, as its agency would; returns the keys.

    Returns once ingest knows them.
    """
    keys: dict[str, str] = {}
    policies = load_catalogue()
    tokens: dict[str, dict[str, str]] = {}
    for camera in cameras:
        keeper = region.keeper(camera.agency, policies).username
        if keeper not in tokens:
            tokens[keeper] = {"Authorization": f"Bearer {await sign_in(gateway, keeper, password)}"}
        keys[camera.id] = await _in_service(gateway, camera, tokens[keeper])
    async with database_pool(_database(machine, "ingest"), schema="ingest") as pool, asyncio.timeout(60):
        store = CameraStore(pool)
        for camera_id, key in keys.items():
            await poll_until(partial(_takes, store, camera_id, key))
    return keys


async def _in_service(gateway: httpx.AsyncClient, camera: DemoCamera, headers: dict[str, str]) -> str:
    """Registers a camera, or gives one that an earlier run has registered a new key; approves and declares it."""
    path = f"/v1/cameras/{camera.id}"
    if (await gateway.get(path, headers=headers)).status_code == httpx.codes.NOT_FOUND:
        keyed = await gateway.post("/v1/cameras", json=camera.as_request(), headers=headers)
    else:
        keyed = await gateway.post(f"{path}/keys", json={"grace_minutes": 0}, headers=headers)
    keyed.raise_for_status()
    for what, statement in (("approval", ""), ("public-view", "The roadway and its verges.")):
        answer = await gateway.post(f"{path}/{what}", json={"statement": statement}, headers=headers)
        answer.raise_for_status()
    return str(keyed.json()["key"])


async def _takes(store: CameraStore, camera_id: str, key: str) -> bool:
    """Whether ingest would take a frame of this camera under this key."""
    found = await store.find(camera_id)
    return found is not None and key_hash(key) in found.keys_sha256 and found.camera.bar is None


async def sign_in(gateway: httpx.AsyncClient, username: str, password: str) -> str:
    """A token of this person."""
    answer = await gateway.post("/v1/sessions", json={"username": username, "password": password})
    answer.raise_for_status()
    return str(answer.json()["token"])


async def enter_vehicles(
    gateway: httpx.AsyncClient, region: Region, entries: Iterable[DemoEntry], password: str
) -> list[Entered]:
    """Has each vehicle on its agency's list, entered where it is not yet, and approved by whom policy names."""
    entered = []
    policies = load_catalogue()
    tokens: dict[str, dict[str, str]] = {}
    listed: dict[str, dict[str, Any]] = {}

    async def signed_in(username: str) -> dict[str, str]:
        if username not in tokens:
            tokens[username] = {"Authorization": f"Bearer {await sign_in(gateway, username, password)}"}
        return tokens[username]

    for entry in entries:
        if entry.by not in tokens:
            await signed_in(entry.by)
            answer = await gateway.get("/v1/hot-list/entries", headers=tokens[entry.by])
            answer.raise_for_status()
            listed.setdefault(region.agency_of(entry.by), {one["plate"]: one for one in answer.json()})
        on_list = listed[region.agency_of(entry.by)]
        plate = normalise(entry.plate)
        if plate not in on_list:
            request = entry.as_request(now() + ENTRY_LASTS)
            answer = await gateway.post("/v1/hot-list/entries", json=request, headers=tokens[entry.by])
            answer.raise_for_status()
            on_list[plate] = answer.json()
        entry_id, approver = on_list[plate]["id"], region.approver(entry.by, policies)
        if on_list[plate].get("awaits_approval") and approver is not None:
            approval, headers = f"/v1/hot-list/entries/{entry_id}/approval", await signed_in(approver.username)
            (await gateway.post(approval, json={"agreed": True}, headers=headers)).raise_for_status()
        entered.append(Entered(uuid.UUID(entry_id), region.agency_of(entry.by), match_key(plate), entry))
    return entered


def _database(machine: OneMachine, service: str) -> DatabaseSettings:
    return DatabaseSettings(dsn=SecretStr(machine.dsn(service)), connections=2)
