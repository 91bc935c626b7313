"""PostgreSQL by asyncpg: one role and one schema for each service."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import asyncpg
import msgspec
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class DatabaseSettings(BaseSettings):
    """How a service reaches its database (`PLATEWARD_DATABASE_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_DATABASE_")

    dsn: SecretStr = Field(
        default=SecretStr("postgresql://127.0.0.1:5432/plateward"), description="The database, as a postgresql:// DSN."
    )
    connections: int = Field(default=8, ge=1, description="The most connections that a process opens.")


@asynccontextmanager
async def database_pool(settings: DatabaseSettings, *, schema: str, reset: bool = True) -> AsyncIterator[asyncpg.Pool]:
    """A pool of connections that see this schema first.

    `reset` is whether each is asked to forget its locks and settings as it comes back, a round trip for each use.
    Who holds none for longer than a transaction does without.
    """
    async with asyncpg.create_pool(
        settings.dsn.get_secret_value(),
        min_size=1,
        max_size=settings.connections,
        init=_json_as_objects,
        reset=None if reset else _as_it_is,
        server_settings={"search_path": schema, "application_name": f"plateward-{schema}", "TimeZone": "UTC"},
    ) as pool:
        yield pool


@asynccontextmanager
async def within_scope(pool: asyncpg.Pool, owners: Iterable[str]) -> AsyncIterator[asyncpg.Connection]:
    """A transaction that sees what is these agencies'; outside of one, views of other services show nothing."""
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute("SELECT set_config('plateward.owners', $1, true)", ",".join(owners))
        yield connection


async def reachable(pool: asyncpg.Pool) -> bool:
    """Whether the database answers."""
    try:
        await pool.fetchval("SELECT 1", timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


async def _as_it_is(connection: asyncpg.Connection) -> None:
    """What is left of a transaction is rolled back before this is asked."""


async def _json_as_objects(connection: asyncpg.Connection) -> None:
    # In PostgreSQL's binary form, a version and the text, so that COPY takes it too; events encode as they are.
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
        schema="pg_catalog",
        format="binary",
    )
