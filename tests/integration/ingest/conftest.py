"""What ingest's integration tests share: one ingest for each module."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

import services.ingest
import services.retention
from plateward.embedded.ports import free_port
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.lifecycle import http_server
from plateward.kernel.migrations import Schema, migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.settings import BlobSettings, HttpSettings, KafkaSettings
from services.ingest import factory
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.settings import IngestSettings
from tests.integration.ingest.running import (
    CAMERA,
    OF_FOLDER,
    OUT_OF_SERVICE,
    PASSWORD,
    Ingest,
    answering,
    on_file,
    until,
)
from tests.support.asking import asking
from tests.support.cameras import BY
from tests.support.edge import MAPPINGS
from tests.support.keys import key_settings
from tests.support.stack import KafkaServer


@pytest.fixture(scope="module")
async def migrated(database: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database with the schemas of ingest and retention, as the superuser's DSN."""
    ours = Schema("ingest", Path(services.ingest.__path__[0]) / "migrations", PASSWORD)
    kept = Schema("retention", Path(services.retention.__path__[0]) / "migrations", PASSWORD)
    await migrate(database, [ours, kept, Schema("gateway", tmp_path_factory.mktemp("none"))])
    return database


@pytest.fixture(scope="module")
def settings(kafka: KafkaServer, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> IngestSettings:
    folder = tmp_path_factory.mktemp("frames")
    sources = folder / "sources.yaml"
    sources.write_text(f"[{{camera: {OF_FOLDER.id}, folder: {folder}, frames_per_second: 10}}]")
    own = urlsplit(migrated)
    dsn = own._replace(netloc=f"plateward_ingest:{PASSWORD}@{own.hostname}:{own.port}").geturl()
    return IngestSettings(
        kafka=KafkaSettings(bootstrap_servers=kafka.bootstrap_servers),
        database=DatabaseSettings(dsn=SecretStr(dsn)),
        http=HttpSettings(port=free_port()),
        acknowledge_seconds_max=2.0,
        blobs=BlobSettings(folder=tmp_path_factory.mktemp("blobs")),
        keys=key_settings(tmp_path_factory.mktemp("keys")),
        frame_bytes_max=8 * 1024 * 1024,
        sources_file=sources,
        mappings_folder=MAPPINGS,
    )


@pytest.fixture(scope="module")
async def store(settings: IngestSettings) -> AsyncIterator[CameraStore]:
    async with database_pool(settings.database, schema="ingest") as pool:
        yield CameraStore(pool)


@pytest.fixture(scope="module")
async def ingest(settings: IngestSettings, store: CameraStore) -> AsyncIterator[Ingest]:
    await prepare_topics(settings.kafka)
    await store.put([on_file(CAMERA), on_file(OUT_OF_SERVICE, out_of_service=BY), on_file(OF_FOLDER)])
    stopping = asyncio.Event()
    async with factory.running(settings) as running, asyncio.TaskGroup() as tasks:
        tasks.create_task(http_server(running.app, settings.http).run_until(stopping))
        for loop in running.loops:
            tasks.create_task(until(loop, stopping))
        async with asking(f"http://127.0.0.1:{settings.http.port}") as client:
            await answering(client)
            assert settings.sources_file
            yield Ingest(client, settings, settings.sources_file.parent)
        stopping.set()
