"""Signing in, in PostgreSQL: accounts by name, tries, sessions."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import asyncpg

from services.gateway.adapters.stores.people_rows import HAS_SECOND_FACTOR, PERSON, RECORD, person_in, record_in
from services.gateway.people import Person, Session
from services.gateway.sign_in import FAILURES_AT_MOST, FAILURES_WITHIN, Account, OpenSession

IDLE_AT_MOST = timedelta(minutes=30)
"""No policy lets a session stay open for longer without a move; one beyond it is no place where somebody is."""

ACCOUNT = f"""
SELECT {PERSON}, {RECORD}, {HAS_SECOND_FACTOR} AS has_second_factor, p.password_hash, p.active FROM people p
"""  # noqa: S608


class PostgresPeople:
    """The tables `people`, `sign_in_attempts`, `sessions` and `concurrent_sessions`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def register(self, person: Person, password_hash: str, trainings: Mapping[str, date] | None = None) -> None:
        """Adds a person with a password and training, or brings the one of this name up to date: for demonstrations."""
        async with self._pool.acquire() as connection, connection.transaction():
            person_id = await connection.fetchval(
                """
                INSERT INTO people (id, username, name, title, agency_id, password_hash) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (username) DO UPDATE
                   SET name = EXCLUDED.name, title = EXCLUDED.title, password_hash = EXCLUDED.password_hash,
                       active = true, locked_at = NULL
                RETURNING id
                """,
                *(person.id, person.username, person.name, person.title, person.agency_id, password_hash),
            )
            await connection.executemany(
                "INSERT INTO trainings (id, person_id, training_id, completed_on, recorded_at)"
                " VALUES ($1, $2, $3, $4, now())",
                [(uuid.uuid4(), person_id, one, completed_on) for one, completed_on in (trainings or {}).items()],
            )

    async def account(self, username: str, at: datetime) -> Account | None:
        """The account of this name."""
        if "\0" in username:  # in no text of PostgreSQL, so in no name
            return None
        row = await self._pool.fetchrow(f"{ACCOUNT} WHERE p.username = $2", at, username)
        return None if row is None else _account(row)

    async def account_in_directory(self, agency_id: str, directory_name: str, at: datetime) -> Account | None:
        """The account that the agency's identity provider calls by this name, unless it is locked."""
        row = await self._pool.fetchrow(
            f"{ACCOUNT} WHERE p.agency_id = $2 AND p.directory_name = $3 AND p.locked_at IS NULL",
            *(at, agency_id, directory_name),
        )
        return None if row is None else _account(row)

    async def attempt(self, username: str, address: str, at: datetime) -> int | None:
        """Counts a try before it is judged; None when the account is locked, or has failed too often by now."""
        username = username.replace("\0", "")
        async with self._pool.acquire() as connection, connection.transaction():
            # The row lock has tries at once counted one after the other: no more are judged than are allowed.
            person = await connection.fetchrow("SELECT locked_at FROM people WHERE username = $1 FOR UPDATE", username)
            if person is not None and (person["locked_at"] is not None or await _failing(connection, username, at)):
                return None
            number: int = await connection.fetchval(
                "INSERT INTO sign_in_attempts (username, address, at) VALUES ($1, $2, $3) RETURNING id",
                *(username, address, at),
            )
            return number

    async def forgive(self, attempt: int) -> None:
        """Takes back a try that was no failure."""
        await self._pool.execute("DELETE FROM sign_in_attempts WHERE id = $1", attempt)

    async def lock_if_failing(self, username: str, at: datetime) -> bool:
        """Locks the account after too many failures; whether this one did."""
        username = username.replace("\0", "")
        async with self._pool.acquire() as connection, connection.transaction():
            if not await _failing(connection, username, at):
                return False
            locked = await connection.fetchval(
                "UPDATE people SET locked_at = $2 WHERE username = $1 AND locked_at IS NULL RETURNING true",
                *(username, at),
            )
            return bool(locked)

    async def begin_session(
        self, session: Session, secret_sha256: bytes, address: str, ends_at: datetime, *, still: bool
    ) -> tuple[str, ...]:
        """Keeps a session by the hash of its secret, and forgets failed tries; the addresses of other open ones."""
        person = session.person
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("DELETE FROM sign_in_attempts WHERE username = $1", person.username)
            others = await connection.fetch(
                "SELECT address FROM sessions WHERE person_id = $1 AND ends_at > $2 AND (still OR last_seen_at > $3)"
                " ORDER BY started_at",
                *(person.id, session.started_at, session.started_at - IDLE_AT_MOST),
            )
            await connection.execute(
                """
                INSERT INTO sessions
                    (secret_sha256, public_id, person_id, address, started_at, ends_at, last_seen_at, still)
                VALUES ($1, $2, $3, $4, $5, $6, $5, $7)
                """,
                *(secret_sha256, session.public_id, person.id, address, session.started_at, ends_at, still),
            )
            addresses = tuple(row["address"] for row in others)
            if addresses:
                await connection.execute(
                    "INSERT INTO concurrent_sessions (session_id, person_id, at, addresses) VALUES ($1, $2, $3, $4)",
                    *(session.public_id, person.id, session.started_at, [*addresses, address]),
                )
        return addresses

    async def session(self, secret_sha256: bytes, at: datetime) -> OpenSession | None:
        """The session with this secret, unless it has ended or its person's account is closed."""
        row = await self._pool.fetchrow(
            f"""
            SELECT s.public_id, s.started_at, s.last_seen_at, s.still, {PERSON}, {RECORD}
              FROM sessions s JOIN people p ON p.id = s.person_id
             WHERE s.secret_sha256 = $2 AND s.ends_at > $1 AND p.active
            """,  # noqa: S608
            *(at, secret_sha256),
        )
        if row is None:
            return None
        person, record = person_in(row), record_in(row)
        return OpenSession(row["public_id"], row["started_at"], row["last_seen_at"], row["still"], person, record)

    async def moved(self, secret_sha256: bytes, at: datetime) -> None:
        """Notes that the person has moved."""
        await self._pool.execute(
            "UPDATE sessions SET last_seen_at = $2 WHERE secret_sha256 = $1 AND last_seen_at < $2", secret_sha256, at
        )

    async def end_session(self, secret_sha256: bytes, at: datetime) -> None:
        """Ends a session."""
        await self._pool.execute(
            "UPDATE sessions SET ends_at = $2 WHERE secret_sha256 = $1 AND ends_at > $2", secret_sha256, at
        )

    async def forget(self, at: datetime) -> None:
        """Deletes tries that count no more, and half sign-ins that nobody has completed."""
        await self._pool.execute("DELETE FROM sign_in_attempts WHERE at < $1", at - FAILURES_WITHIN)
        await self._pool.execute("DELETE FROM sign_in_tickets WHERE ends_at < $1", at)
        await self._pool.execute("DELETE FROM directory_sign_ins WHERE ends_at < $1", at)


async def _failing(connection: asyncpg.Connection, username: str, at: datetime) -> bool:
    failures: int = await connection.fetchval(
        "SELECT count(*) FROM sign_in_attempts WHERE username = $1 AND at > $2", username, at - FAILURES_WITHIN
    )
    return failures >= FAILURES_AT_MOST


def _account(row: asyncpg.Record) -> Account:
    return Account(person_in(row), row["password_hash"], row["active"], row["has_second_factor"], record_in(row))
