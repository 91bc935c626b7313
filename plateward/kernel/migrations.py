"""Plain SQL migrations: each service owns one schema and one role, and its files are run in the order of their names.

A file has dbmate's form: what follows `-- migrate:up` is run, once, in one transaction with the note that it was.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog

log = structlog.get_logger("plateward.migrations")

UP = re.compile(r"^-- migrate:up\s*$(.*?)(?=^-- migrate:down|\Z)", re.MULTILINE | re.DOTALL)

ADVISORY_LOCK = 0x504C4154
"""One migration at a time, whoever starts it."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A service's own part of the database: schema `name`, owned by the role `plateward_<name>`."""

    name: str
    folder: Path
    password: str | None = None
    """The role's password, where migrating also sets it."""

    @property
    def role(self) -> str:
        """The role that owns the schema and that the service logs in as."""
        return f"plateward_{self.name}"


async def migrate(dsn: str, schemas: list[Schema]) -> list[str]:
    """Brings all schemas up to date as the database's administrator; returns what was run."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
        # All roles first: a migration may grant a view to another service's role.
        for schema in schemas:
            await _prepare(connection, schema)
        return [done for schema in schemas for done in await _bring_up(connection, schema)]
    finally:
        await connection.close()


async def _prepare(connection: asyncpg.Connection, schema: Schema) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", schema.role):
        await connection.execute(f'CREATE ROLE "{schema.role}" LOGIN')
    if schema.password is not None:
        quoted = await connection.fetchval("SELECT quote_literal($1)", schema.password)
        await connection.execute(f'ALTER ROLE "{schema.role}" PASSWORD {quoted}')
    await connection.execute(f'GRANT "{schema.role}" TO CURRENT_USER')
    await connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema.name}" AUTHORIZATION "{schema.role}"')
    await connection.execute(
        f'CREATE TABLE IF NOT EXISTS "{schema.name}".migrations (name text PRIMARY KEY, run_at timestamptz NOT NULL)'
    )


async def _bring_up(connection: asyncpg.Connection, schema: Schema) -> list[str]:
    done = {row["name"] for row in await connection.fetch(f'SELECT name FROM "{schema.name}".migrations')}  # noqa: S608
    files = [file for file in sorted(schema.folder.glob("*.sql")) if file.name not in done]
    for file in files:
        await _run(connection, schema, file)
        log.info("migration.run", schema=schema.name, file=file.name)
    return [f"{schema.name}/{file.name}" for file in files]


async def _run(connection: asyncpg.Connection, schema: Schema, file: Path) -> None:
    statements = _statements(file)
    async with connection.transaction():
        await connection.execute(f'SET LOCAL ROLE "{schema.role}"')
        await connection.execute(f'SET LOCAL search_path TO "{schema.name}"')
        await connection.execute(statements)
        await connection.execute("RESET ROLE")
        await connection.execute(
            f'INSERT INTO "{schema.name}".migrations (name, run_at) VALUES ($1, now())',  # noqa: S608
            file.name,
        )


def _statements(file: Path) -> str:
    part = UP.search(file.read_text(encoding="utf-8"))
    if part is None:
        raise ValueError(f"{file}: has no line `-- migrate:up`")
    return part.group(1)
