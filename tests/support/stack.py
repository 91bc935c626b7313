"""Kafka and PostgreSQL for tests: in containers where a Docker engine answers, embedded elsewhere.

A pytest plugin: name it in `pytest_plugins`. Both servers last for the session; a database lasts for a module.
"""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import asyncpg
import docker
import pytest
import structlog
from docker.errors import DockerException
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer

from plateward.embedded.kafka import EmbeddedKafka, broker_answers
from plateward.embedded.ports import free_port
from plateward.embedded.postgres import EmbeddedPostgres
from plateward.embedded.readiness import poll_until
from plateward.kernel.migrations import migrate
from plateward.kernel.service_schemas import service_schemas

ARTEFACTS = Path(__file__).parents[2] / ".plateward" / "kafka"
"""Where Apache Kafka's jars are kept, so that Maven fetches them once for all sessions."""

_KAFKA_IMAGE = "apache/kafka:4.3.1"
_POSTGRES_IMAGE = "postgres:18"
_CONTAINER_READY_SECONDS = 60
_TEMPLATE = "migrated"

log = structlog.get_logger()


class KafkaServer(Protocol):
    """A broker whose port and data stay the same when it is stopped and started."""

    @property
    def bootstrap_servers(self) -> str: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def restart(self) -> None: ...


class PostgresServer(Protocol):
    """A server, and how its superuser connects."""

    @property
    def dsn(self) -> str: ...


class KafkaInContainer:
    """Apache Kafka in a container; its port is chosen here, because Docker's own choice changes with each start."""

    def __init__(self) -> None:
        self._port = free_port()
        self._created = False
        self._container = (
            DockerContainer(_KAFKA_IMAGE)
            .with_bind_ports(9092, self._port)
            .with_envs(
                KAFKA_NODE_ID="1",
                KAFKA_PROCESS_ROLES="broker,controller",
                KAFKA_LISTENERS="PLAINTEXT://:9092,CONTROLLER://:9093",
                KAFKA_ADVERTISED_LISTENERS=f"PLAINTEXT://127.0.0.1:{self._port}",
                KAFKA_LISTENER_SECURITY_PROTOCOL_MAP="PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
                KAFKA_CONTROLLER_QUORUM_VOTERS="1@localhost:9093",
                KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
                KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
                KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
                KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR="1",
                KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR="1",
                KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
                KAFKA_AUTO_CREATE_TOPICS_ENABLE="false",
            )
        )

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self._port}"

    async def start(self) -> None:
        if self._created:
            await asyncio.to_thread(self._container.get_wrapped_container().start)
        else:
            await asyncio.to_thread(self._container.start)
            self._created = True
        async with asyncio.timeout(_CONTAINER_READY_SECONDS):
            await poll_until(lambda: broker_answers(self._port))

    async def stop(self) -> None:
        await asyncio.to_thread(self._container.get_wrapped_container().stop)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def remove(self) -> None:
        await asyncio.to_thread(self._container.stop)


class PostgresInContainer:
    """PostgreSQL in a container."""

    def __init__(self) -> None:
        self._container = PostgresContainer(_POSTGRES_IMAGE, driver=None)

    @property
    def dsn(self) -> str:
        url: str = self._container.get_connection_url()
        return url

    async def start(self) -> None:
        await asyncio.to_thread(self._container.start)

    async def remove(self) -> None:
        await asyncio.to_thread(self._container.stop)


@pytest.fixture(scope="session")
def docker_answers() -> bool:
    """Whether there is a Docker engine here."""
    try:
        with closing(docker.from_env(timeout=5)) as engine:
            return bool(engine.ping())
    except DockerException:
        return False


@pytest.fixture(scope="session")
def embedded_folder() -> Iterator[Path]:
    """Where embedded servers keep their data for this session."""
    with tempfile.TemporaryDirectory(prefix="plateward-tests-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL passes through it, as another account where we are root
        yield folder


@pytest.fixture(scope="session")
async def kafka(docker_answers: bool, embedded_folder: Path) -> AsyncIterator[KafkaServer]:
    """The session's Kafka. Who stops it starts it again."""
    async with fresh_kafka(docker_answers, embedded_folder / "kafka") as server:
        yield server


@pytest.fixture(scope="session")
async def postgres(docker_answers: bool, embedded_folder: Path) -> AsyncIterator[PostgresServer]:
    """The session's PostgreSQL. Its roles, and their passwords, are those of all its databases."""
    async with fresh_postgres(docker_answers, embedded_folder / "postgres") as server:
        yield server


@asynccontextmanager
async def fresh_database(postgres: PostgresServer, *, empty: bool = False) -> AsyncIterator[str]:
    """A database of its own on that server, dropped in the end: how the superuser connects to it.

    Unless it is to be empty, the services' schemas are there already, copied: migrating it sets the roles' passwords.
    """
    name = f"test_{secrets.token_hex(6)}"
    session = await asyncpg.connect(postgres.dsn)
    try:
        if not empty:
            await _make_template(session, postgres)
        await session.execute(f"CREATE DATABASE {name} TEMPLATE {'template1' if empty else _TEMPLATE}")
        yield _within(postgres, name)
        await session.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await session.close()


async def _make_template(session: asyncpg.Connection, postgres: PostgresServer) -> None:
    """Makes the database that all others of this server are copies of, unless it is there."""
    if not await session.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _TEMPLATE):
        await session.execute(f"CREATE DATABASE {_TEMPLATE}")
        await migrate(_within(postgres, _TEMPLATE), service_schemas({}))


def _within(postgres: PostgresServer, database: str) -> str:
    return urlsplit(postgres.dsn)._replace(path=f"/{database}").geturl()


@pytest.fixture(scope="module")
async def database(postgres: PostgresServer) -> AsyncIterator[str]:
    """A fresh database for each test module, as its superuser's DSN."""
    async with fresh_database(postgres) as dsn:
        yield dsn


@asynccontextmanager
async def fresh_kafka(docker_answers: bool, folder: Path) -> AsyncIterator[KafkaServer]:
    """A broker of its own, for tests that must not see what others have published."""
    if docker_answers:
        contained = KafkaInContainer()
        await contained.start()
        yield contained
        await contained.remove()
    else:
        async with EmbeddedKafka(folder, artefacts=ARTEFACTS, tell=log.info) as embedded:
            yield embedded


@asynccontextmanager
async def fresh_postgres(docker_answers: bool, folder: Path) -> AsyncIterator[PostgresServer]:
    """A database server of its own, for tests that others' role passwords must not lock out."""
    if docker_answers:
        contained = PostgresInContainer()
        await contained.start()
        yield contained
        await contained.remove()
    else:
        async with EmbeddedPostgres(folder, fsync=False, tell=log.info) as embedded:
            yield embedded
