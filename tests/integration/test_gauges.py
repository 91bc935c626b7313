"""What the gateway measures of the line all the time: a database or a broker that is away for a while ends nothing."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import asyncpg
import pytest
from pydantic import SecretStr

from plateward.embedded.readiness import poll_until
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from services.gateway.adapters import gauges
from services.gateway.adapters.gauges import KafkaGauges
from tests.support.gateway_at_work import PATIENCE_SECONDS
from tests.support.stack import KafkaServer

PASSWORD = secrets.token_urlsafe(16)


@pytest.fixture
async def administrator(database: str) -> AsyncIterator[asyncpg.Connection]:
    """The database's superuser, who can turn a role away."""
    connection = await asyncpg.connect(database)
    await connection.execute(f"CREATE ROLE measuring LOGIN PASSWORD '{PASSWORD}'")
    yield connection
    await connection.execute("DROP ROLE measuring")
    await connection.close()


async def test_a_database_that_turns_it_away_for_a_while_is_not_known_and_ends_nothing(
    kafka: KafkaServer, database: str, administrator: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gauges, "MEASURED_EVERY_SECONDS", 0.05)
    own = database.replace(database.split("//")[1].split("@")[0], f"measuring:{PASSWORD}")
    settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(settings)
    async with (
        database_pool(DatabaseSettings(dsn=SecretStr(own)), schema="public") as pool,
        open_publisher(settings, source="gateway") as publisher,
    ):
        measuring, stopping = KafkaGauges(settings, pool, publisher, Status()), asyncio.Event()
        running = asyncio.create_task(measuring.run(stopping))

        async def known() -> bool:
            assert not running.done()
            return measuring.lags is not None

        async def unknown() -> bool:
            return not await known()

        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(known)
            await administrator.execute("ALTER ROLE measuring CONNECTION LIMIT 0")
            await administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'measuring'"
            )
            await poll_until(unknown)
            await administrator.execute("ALTER ROLE measuring CONNECTION LIMIT -1")
            await poll_until(known)
        assert {clock.clock for clock in measuring.clocks} == {"database", "broker"}
        stopping.set()
        await running
