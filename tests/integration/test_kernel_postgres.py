"""Migrations and pools on a real PostgreSQL."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg
import pytest
from pydantic import SecretStr

from plateward.kernel.migrations import Schema, migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool, reachable

PASSWORD = 'it\'s "quoted" \\ and spaced'

Write = Callable[..., None]


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    """A schema of its own: roles are of the whole server."""
    return Schema(f"s{secrets.token_hex(4)}", tmp_path, PASSWORD)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def migration(name: str, up: str, down: str = "") -> None:
        text = f"-- what it is for\n-- migrate:up\n{up}\n" + (f"-- migrate:down\n{down}\n" if down else "")
        (tmp_path / name).write_text(text, encoding="utf-8")

    return migration


@pytest.fixture
async def administrator(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


def as_role(database: str, schema: Schema, password: str = PASSWORD) -> DatabaseSettings:
    url = urlsplit(database)
    netloc = f"{schema.role}:{quote(password, safe='')}@{url.hostname}:{url.port}"
    return DatabaseSettings(dsn=SecretStr(url._replace(netloc=netloc).geturl()), connections=2)


async def tables(administrator: asyncpg.Connection, schema: Schema) -> dict[str, str]:
    """The schema's tables and who owns them, without the note of what was run."""
    rows = await administrator.fetch("SELECT tablename, tableowner FROM pg_tables WHERE schemaname = $1", schema.name)
    return {row["tablename"]: row["tableowner"] for row in rows if row["tablename"] != "migrations"}


async def run(administrator: asyncpg.Connection, schema: Schema) -> list[str]:
    """What is noted as run."""
    rows = await administrator.fetch(f'SELECT name FROM "{schema.name}".migrations ORDER BY run_at, name')
    return [row["name"] for row in rows]


async def test_files_run_once_in_the_order_of_their_names(
    database: str, schema: Schema, write: Write, administrator: asyncpg.Connection
) -> None:
    write("010_index.sql", "CREATE INDEX ON cameras (place)", down="DROP TABLE cameras")
    write("002_place.sql", "ALTER TABLE cameras ADD place text")
    write("001_cameras.sql", "CREATE TABLE cameras (id text PRIMARY KEY);\nINSERT INTO cameras VALUES ('c');")
    order = ["001_cameras.sql", "002_place.sql", "010_index.sql"]
    assert await migrate(database, [schema]) == [f"{schema.name}/{name}" for name in order]
    assert await migrate(database, [schema]) == []
    assert await run(administrator, schema) == order
    write("011_later.sql", "INSERT INTO cameras VALUES ('d')")
    assert await migrate(database, [schema]) == [f"{schema.name}/011_later.sql"]
    assert await administrator.fetchval(f'SELECT count(*) FROM "{schema.name}".cameras') == 2


async def test_a_file_that_fails_leaves_nothing_and_what_ran_before_it_stays(
    database: str, schema: Schema, write: Write, administrator: asyncpg.Connection
) -> None:
    write("001_first.sql", "CREATE TABLE first ()")
    write("002_broken.sql", "CREATE TABLE second ();\nCREATE TABLE third (;")
    write("003_never.sql", "CREATE TABLE fourth ()")
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await migrate(database, [schema])
    assert set(await tables(administrator, schema)) == {"first"}
    assert await run(administrator, schema) == ["001_first.sql"]

    write("002_broken.sql", "CREATE TABLE second ()")
    assert await migrate(database, [schema]) == [f"{schema.name}/002_broken.sql", f"{schema.name}/003_never.sql"]
    assert set(await tables(administrator, schema)) == {"first", "second", "fourth"}


async def test_a_file_that_fails_at_run_time_leaves_nothing_either(
    database: str, schema: Schema, write: Write, administrator: asyncpg.Connection
) -> None:
    write("001_broken.sql", "CREATE TABLE one (id int);\nINSERT INTO one VALUES (1);\nSELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database, [schema])
    assert await tables(administrator, schema) == {}
    assert await run(administrator, schema) == []


async def test_a_file_of_another_form_is_refused(database: str, schema: Schema, tmp_path: Path) -> None:
    (tmp_path / "001.sql").write_text("CREATE TABLE one ();", encoding="utf-8")
    with pytest.raises(ValueError, match=r"001\.sql: has no line `-- migrate:up`"):
        await migrate(database, [schema])


async def test_two_who_migrate_at_once_run_each_file_once(database: str, schema: Schema, write: Write) -> None:
    write("001.sql", "CREATE TABLE one ()")
    done = await asyncio.gather(*(migrate(database, [schema]) for _ in range(4)))
    assert sorted(done) == [[], [], [], [f"{schema.name}/001.sql"]]


async def test_a_service_owns_what_its_files_make_and_reaches_it_as_its_role(
    database: str, schema: Schema, write: Write, administrator: asyncpg.Connection
) -> None:
    write("001.sql", "CREATE TABLE facts (at timestamptz, what jsonb)")
    await migrate(database, [schema])
    assert await tables(administrator, schema) == {"facts": schema.role}
    async with database_pool(as_role(database, schema), schema=schema.name) as pool:
        await pool.execute("INSERT INTO facts VALUES ('2026-03-01T05:00-07', $1)", {"plate": ["é", 1]})
        row = await pool.fetchrow("SELECT at::text, what, current_user AS who FROM facts")
        assert dict(row) == {"at": "2026-03-01 12:00:00+00", "what": {"plate": ["é", 1]}, "who": schema.role}


async def test_a_service_sees_nothing_of_anothers(
    database: str, schema: Schema, write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write("001.sql", "CREATE TABLE facts ()")
    stranger = Schema(f"{schema.name}x", tmp_path_factory.mktemp("none"), PASSWORD)
    await migrate(database, [schema, stranger])
    async with database_pool(as_role(database, stranger), schema=stranger.name) as pool:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.fetch(f'SELECT * FROM "{schema.name}".facts')


async def test_a_file_may_grant_to_a_role_whose_own_turn_comes_later(
    database: str, schema: Schema, write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    partner = Schema(f"{schema.name}x", tmp_path_factory.mktemp("none"), PASSWORD)
    write("001.sql", f'CREATE TABLE facts (); GRANT USAGE ON SCHEMA "{schema.name}" TO "{partner.role}";')
    assert await migrate(database, [schema, partner]) == [f"{schema.name}/001.sql"]


async def test_a_roles_password_is_the_one_of_the_last_time(database: str, schema: Schema) -> None:
    await migrate(database, [schema])
    async with asyncpg.create_pool(as_role(database, schema).dsn.get_secret_value(), min_size=1, max_size=1) as pool:
        assert await reachable(pool)
    await migrate(database, [Schema(schema.name, schema.folder, "another")])
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(as_role(database, schema).dsn.get_secret_value())
    await migrate(database, [Schema(schema.name, schema.folder)])
    await (await asyncpg.connect(as_role(database, schema, "another").dsn.get_secret_value())).close()


async def test_a_pool_whose_connections_were_ended_is_reachable_again(
    database: str, schema: Schema, administrator: asyncpg.Connection
) -> None:
    await migrate(database, [schema])
    async with database_pool(as_role(database, schema), schema=schema.name) as pool:
        assert await reachable(pool)
        async with locked_out(administrator, schema):
            assert not await reachable(pool)
        assert await reachable(pool)


@pytest.mark.parametrize("reset", [True, False])
async def test_what_outlives_its_transaction_is_forgotten_where_connections_are_reset(
    database: str, schema: Schema, *, reset: bool
) -> None:
    await migrate(database, [schema])
    settings = as_role(database, schema).model_copy(update={"connections": 1})
    async with database_pool(settings, schema=schema.name, reset=reset) as pool:
        await pool.execute("SELECT pg_advisory_lock(1), set_config('plateward.owners', 'flagstaff', false)")
        locks = await pool.fetchval(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        scope = await pool.fetchval("SELECT current_setting('plateward.owners', true)")
        assert (locks, scope) == ((0, "") if reset else (1, "flagstaff"))


async def test_a_connection_comes_back_without_the_transaction_that_was_begun_on_it(
    database: str, schema: Schema, write: Write
) -> None:
    write("001.sql", "CREATE TABLE facts (what text)")
    await migrate(database, [schema])
    settings = as_role(database, schema).model_copy(update={"connections": 1})
    async with database_pool(settings, schema=schema.name, reset=False) as pool:
        async with pool.acquire() as connection:
            await connection.execute("BEGIN; SELECT set_config('plateward.owners', 'flagstaff', true)")
            await connection.execute("INSERT INTO facts VALUES ('half done')")
        assert await pool.fetchval("SELECT count(*) FROM facts") == 0
        assert await pool.fetchval("SELECT current_setting('plateward.owners', true)") == ""


@asynccontextmanager
async def locked_out(administrator: asyncpg.Connection, schema: Schema) -> AsyncIterator[None]:
    """While it lasts, the role has no connection and gets none."""
    await administrator.execute(f'ALTER ROLE "{schema.role}" NOLOGIN')
    await administrator.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1", schema.role
    )
    yield
    await administrator.execute(f'ALTER ROLE "{schema.role}" LOGIN')
