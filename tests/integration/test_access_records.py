"""What the gateway sees of the access log: rows of its own scope, and nothing that it could change."""

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import msgspec
import pytest
from pydantic import SecretStr

from plateward.contracts.access import AccessRecord, Actor
from plateward.contracts.canonical import canonical
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool, within_scope
from plateward.kernel.service_schemas import service_schemas
from services.audit.adapters.log_store import LogStore
from tests.support.access_log import a_look
from tests.support.gateway_at_work import ROLE_PASSWORDS, dsn_of
from tests.support.stack import PostgresServer, fresh_database

OWN = a_look()
OF_PARTNER = a_look(
    actor=Actor(person_id="p2", username="lfox", name="L. Fox", title="Officer", agency_id="stockton"),
    owners=("barstow", "flagstaff", "stockton"),
    at=OWN.at + timedelta(hours=1),
)
WITH_NUL = a_look(query={"plate": "A\x00B"}, at=OWN.at + timedelta(hours=2))


@pytest.fixture(scope="module")
async def gateway_pool(postgres: PostgresServer) -> AsyncIterator[asyncpg.Pool]:
    """The gateway's own connections to a log of three looks."""
    async with fresh_database(postgres) as database:
        await migrate(database, service_schemas(ROLE_PASSWORDS))
        audit = DatabaseSettings(dsn=SecretStr(dsn_of("audit", database)))
        async with database_pool(audit, schema="audit") as pool:
            await LogStore(pool).append([OWN, OF_PARTNER, WITH_NUL])
        gateway = DatabaseSettings(dsn=SecretStr(dsn_of("gateway", database)))
        async with database_pool(gateway, schema="gateway") as pool:
            yield pool


@pytest.mark.parametrize(
    ("agency", "places"), [("flagstaff", [0, 1, 2]), ("stockton", [1]), ("barstow", [1]), ("kentucky", []), ("", [])]
)
async def test_an_agency_sees_its_own_looks_and_those_at_its_data(
    gateway_pool: asyncpg.Pool, agency: str, places: list[int]
) -> None:
    async with within_scope(gateway_pool, (agency,)) as connection:
        rows = await connection.fetch("SELECT seq FROM audit.access_records ORDER BY seq")
    assert [seq for (seq,) in rows] == places


async def test_without_a_scope_nothing_is_seen(gateway_pool: asyncpg.Pool) -> None:
    assert await gateway_pool.fetchval("SELECT count(*) FROM audit.access_records") == 0


async def test_a_row_is_the_whole_record(gateway_pool: asyncpg.Pool) -> None:
    async with within_scope(gateway_pool, ("flagstaff",)) as connection:
        rows = await connection.fetch("SELECT * FROM audit.access_records ORDER BY seq")
    own, partner, nul = rows
    assert (own["id"], own["access_id"], own["at"], own["others"]) == (OWN.id, OWN.access_id, OWN.at, None)
    assert msgspec.convert(own["document"], AccessRecord) == OWN
    assert partner["others"] == ["barstow", "flagstaff"]
    assert nul["document"] is None, "no jsonb holds it"
    assert nul["canonical"] == canonical(WITH_NUL)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM audit.records",
        "DELETE FROM audit.access_records",
        "UPDATE audit.access_records SET agency_id = 'x'",
        "INSERT INTO audit.signed_checkpoints VALUES (1, '', now())",
    ],
)
async def test_the_gateway_changes_nothing_and_sees_nothing_past_the_view(
    gateway_pool: asyncpg.Pool, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await gateway_pool.execute(statement)
