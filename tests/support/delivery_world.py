"""A partner of the test's own, and its receiver; a plugin, for the tests of deliveries."""

import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
from pydantic import SecretStr

from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from services.gateway.adapters.stores.one_transaction import JoiningPool
from tests.support.delivering import World, sharing_hits_with
from tests.support.gateway_at_work import ROLE_PASSWORDS, dsn_of
from tests.support.receivers import Receiver, receiving


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[JoiningPool]:
    await migrate(database, service_schemas(ROLE_PASSWORDS))
    settings = DatabaseSettings(dsn=SecretStr(dsn_of("gateway", database)), connections=8)
    async with database_pool(settings, schema="gateway") as connections:
        yield JoiningPool(connections)


@pytest.fixture
async def world(pool: asyncpg.Pool) -> AsyncIterator[World]:
    """Of a partner that no other test has."""
    agency = f"partner-{uuid.uuid4().hex[:8]}"
    yield World(pool, agency, mous=[sharing_hits_with(agency)])
    await pool.execute("UPDATE hit_subscriptions SET ended_at = now() WHERE ended_at IS NULL")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver
