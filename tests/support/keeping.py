"""A gateway and an ingest on the same Kafka and PostgreSQL, and people who keep cameras. A pytest plugin."""

import asyncio
import secrets
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import SecretStr

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import decode
from plateward.contracts.topics import CAMERA_STATUS, Topic
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.lifecycle import Running
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import WITH_SCHEMA, service_schemas
from plateward.kernel.settings import BlobSettings, KafkaSettings
from services.gateway import factory as gateway_factory
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.people import Person
from services.gateway.settings import GatewaySettings
from services.ingest import camera_cache
from services.ingest import factory as ingest_factory
from services.ingest.settings import IngestSettings
from tests.support.gateway_at_work import current_training
from tests.support.keys import key_settings
from tests.support.stack import KafkaServer

PATIENCE_SECONDS = 30.0

PEOPLE = {
    "chief": ("Police Chief", "flagstaff"),
    "commander": ("Division Commander", "flagstaff"),
    "detective": ("Detective", "flagstaff"),
    "captain": ("Captain", "barstow"),
    "stranger": ("Chaplain", "flagstaff"),
}
"""Title and agency by user name."""

PLACEMENT = {"name": "Route 66 at Main", "latitude": 35.2, "longitude": -111.65, "bearing_deg": 90.0}


@dataclass(frozen=True)
class Keeping:
    """Both services, and who is signed in to the gateway."""

    gateway: httpx.AsyncClient
    ingest: httpx.AsyncClient
    gateway_settings: GatewaySettings
    ingest_settings: IngestSettings
    tokens: dict[str, str]

    async def ask(self, who: str, method: str, path: str, **body: object) -> httpx.Response:
        """A request to the gateway's API about cameras."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        return await self.gateway.request(
            method, f"/v1/cameras{path}", json=body or None if method == "GET" else body, headers=headers
        )

    async def done(self, who: str, method: str, path: str, **body: object) -> Any:
        """What the gateway answers when it does what is asked."""
        answer = await self.ask(who, method, path, **body)
        assert answer.is_success, answer.text
        return answer.json()

    async def registered(self, **more: object) -> tuple[str, str]:
        """A new camera of Flagstaff, not in service: its id and its key."""
        camera_id = f"camera-{secrets.token_hex(4)}"
        asked = {"camera_id": camera_id, "kind": "fixed", "placement": PLACEMENT, "silent_after_seconds": None} | more
        keyed = await self.done("chief", "POST", "", **asked)
        return camera_id, keyed["key"]

    async def in_service(self, **more: object) -> tuple[str, str]:
        """A new camera of Flagstaff that may send, once ingest knows it."""
        async with self.hearing() as news:
            camera_id, key = await self.registered(**more)
            await self.done("chief", "POST", f"/{camera_id}/approval")
            await self.done("chief", "POST", f"/{camera_id}/public-view", statement="The roadway.")
            await news.until(camera_id, lambda status: status.state == "working")
        return camera_id, key

    async def send(self, camera_id: str, key: str, picture: bytes) -> httpx.Response:
        """A frame to ingest."""
        headers = {"Authorization": f"Bearer {key}"}
        return await self.ingest.post(f"/v1/cameras/{camera_id}/frames", content=picture, headers=headers)

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator["News"]:
        """What is said of cameras from now on."""
        async with self.reading(CAMERA_STATUS) as consumer:
            yield News(consumer)

    @asynccontextmanager
    async def reading(self, topic: Topic) -> AsyncIterator[AIOKafkaConsumer]:
        """What comes on a topic from now on."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.ingest_settings.kafka.bootstrap_servers, group_id=None, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
            consumer.assign(partitions)
            await consumer.seek_to_end(*partitions)
            for partition in partitions:
                await consumer.position(partition)
            yield consumer
        finally:
            await consumer.stop()


@dataclass(frozen=True)
class News:
    """A reader of `camera-status`."""

    consumer: AIOKafkaConsumer

    async def until(self, camera_id: str, wanted: Callable[[CameraStatus], bool]) -> CameraStatus:
        """The next status of this camera that is the wanted one."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                status = decode((await self.consumer.getone()).value, CameraStatus)
                if status.camera_id == camera_id and wanted(status):
                    return status


@pytest.fixture(scope="module")
async def keeping(
    kafka: KafkaServer, database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Keeping]:
    """A gateway and an ingest that work together, looking at cameras ten times a second."""
    password = secrets.token_urlsafe(16)
    await migrate(database, service_schemas(dict.fromkeys(WITH_SCHEMA, password)))
    kafka_settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(kafka_settings)

    def login(service: str) -> DatabaseSettings:
        own = urlsplit(database)
        dsn = own._replace(netloc=f"plateward_{service}:{password}@{own.hostname}:{own.port}").geturl()
        return DatabaseSettings(dsn=SecretStr(dsn))

    gateway_settings = GatewaySettings(
        kafka=kafka_settings,
        database=login("gateway"),
        blobs=BlobSettings(folder=tmp_path_factory.mktemp("blobs")),
        keys=key_settings(tmp_path_factory.mktemp("keys")),
        second_factor="off",
    )
    ingest_settings = IngestSettings(
        kafka=kafka_settings,
        database=login("ingest"),
        blobs=BlobSettings(folder=tmp_path_factory.mktemp("edge-blobs")),
        keys=key_settings(tmp_path_factory.mktemp("keys")),
        look_every_seconds=0.1,
        bad_frames=3,
    )
    await _people(gateway_settings, password)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(camera_cache, "CACHED_SECONDS", 0.0)
        async with (
            _served(ingest_factory.running(ingest_settings)) as ingest,
            _served(gateway_factory.running(gateway_settings)) as gateway,
        ):
            tokens = {name: await _token(gateway, name, password) for name in PEOPLE}
            yield Keeping(gateway, ingest, gateway_settings, ingest_settings, tokens)


async def _people(settings: GatewaySettings, password: str) -> None:
    hashed = await Argon2Passwords().hashed(password)
    async with database_pool(settings.database, schema="gateway") as pool:
        for name, (title, agency_id) in PEOPLE.items():
            person = Person(uuid.uuid4(), name, f"{name.title()} of {agency_id.title()}", title, agency_id)
            await PostgresPeople(pool).register(person, hashed, current_training(agency_id))


async def _token(gateway: httpx.AsyncClient, name: str, password: str) -> str:
    answer = await gateway.post("/v1/sessions", json={"username": name, "password": password})
    return str(answer.json()["token"])


@asynccontextmanager
async def _served(wired: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service whose loops run."""
    stopping = asyncio.Event()
    async with AsyncExitStack() as stack:
        running: Running = await stack.enter_async_context(wired)
        loops = [asyncio.ensure_future(_as_awaitable(loop(stopping))) for loop in running.loops]
        transport = httpx.ASGITransport(running.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://plateward", timeout=30) as client:
            yield client
        stopping.set()
        await asyncio.gather(*loops)


async def _as_awaitable(awaitable: Awaitable[None]) -> None:
    await awaitable
