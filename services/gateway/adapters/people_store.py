"""People and sessions in PostgreSQL."""

import uuid
from datetime import datetime

import asyncpg

from services.gateway.people import Person, Session
from services.gateway.sign_in import Account

PERSON = "p.id, p.username, p.name, p.title, p.agency_id"


class PostgresPeople:
    """The tables `people` and `sessions`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def register(self, person: Person, password_hash: str) -> None:
        """Adds a person, or brings an existing one of this name up to date."""
        await self._pool.execute(
            """
            INSERT INTO people (id, username, name, title, agency_id, password_hash) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (username) DO UPDATE
               SET name = EXCLUDED.name, title = EXCLUDED.title, password_hash = EXCLUDED.password_hash, active = true
            """,
            *(person.id, person.username, person.name, person.title, person.agency_id, password_hash),
        )

    async def account(self, username: str) -> Account | None:
        """The account of this name."""
        if "\0" in username:  # in no text of PostgreSQL, so in no name
            return None
        row = await self._pool.fetchrow(
            f"SELECT {PERSON}, p.password_hash, p.active FROM people p WHERE p.username = $1",  # noqa: S608
            username,
        )
        return None if row is None else Account(_person(row), row["password_hash"], row["active"])

    async def begin_session(self, session: Session, secret_sha256: bytes, address: str, ends_at: datetime) -> None:
        """Keeps a session by the hash of its secret."""
        await self._pool.execute(
            """
            INSERT INTO sessions (secret_sha256, public_id, person_id, address, started_at, ends_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            *(secret_sha256, session.public_id, session.person.id, address, session.started_at, ends_at),
        )

    async def session(self, secret_sha256: bytes, at: datetime) -> tuple[uuid.UUID, datetime, Person] | None:
        """The public id, the start and the person of a session that has not ended."""
        row = await self._pool.fetchrow(
            f"""
            SELECT s.public_id, s.started_at, {PERSON} FROM sessions s JOIN people p ON p.id = s.person_id
             WHERE s.secret_sha256 = $1 AND s.ends_at > $2 AND p.active
            """,  # noqa: S608
            secret_sha256,
            at,
        )
        return None if row is None else (row["public_id"], row["started_at"], _person(row))

    async def end_session(self, secret_sha256: bytes, at: datetime) -> None:
        """Ends a session."""
        await self._pool.execute(
            "UPDATE sessions SET ends_at = $2 WHERE secret_sha256 = $1 AND ends_at > $2", secret_sha256, at
        )


def _person(row: asyncpg.Record) -> Person:
    return Person(row["id"], row["username"], row["name"], row["title"], row["agency_id"])
