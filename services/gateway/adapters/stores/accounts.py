"""Accounts as those see them who keep them, in PostgreSQL; each change with who did it."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.camera_registrations import ByPerson
from plateward.policy.training import TrainingRecord
from services.gateway.account_file import AccountChange, Command, History, KnownAccount, SeenSession
from services.gateway.adapters.stores.people_rows import HAS_SECOND_FACTOR, PERSON, RECORD, person_in, record_in
from services.gateway.people import Person

HISTORY_AT_MOST = 50

KNOWN = f"""
SELECT {PERSON}, {RECORD}, {HAS_SECOND_FACTOR} AS has_second_factor, p.active, p.created_at, p.reviewed_at, p.locked_at,
       p.directory_name, CASE WHEN p.invited_until > $1 THEN p.invited_until END AS invited_until,
       (SELECT count(*) FROM sessions s WHERE s.person_id = p.id AND s.ends_at > $1 AND p.active) AS open_sessions,
       (SELECT max(c.at) FROM concurrent_sessions c WHERE c.person_id = p.id) AS alarmed_at
  FROM people p
"""  # noqa: S608

CHANGES: dict[Command, str] = {
    "deactivate": "UPDATE people SET active = false WHERE id = $1",
    "reactivate": "UPDATE people SET active = true WHERE id = $1",
    "release": "UPDATE people SET locked_at = NULL WHERE id = $1",
    "review": "UPDATE people SET reviewed_at = $2 WHERE id = $1",
}


class PostgresAccounts:
    """The tables `people`, `trainings`, `violations`, `maintenance_windows` and `account_changes`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_agency(self, agency_id: str, at: datetime) -> list[KnownAccount]:
        """The agency's accounts, by name."""
        rows = await self._pool.fetch(f"{KNOWN} WHERE p.agency_id = $2 ORDER BY p.name, p.id", at, agency_id)
        return [_known(row) for row in rows]

    async def one(self, person_id: uuid.UUID, agency_id: str, at: datetime) -> KnownAccount | None:
        """An account of the agency."""
        row = await self._pool.fetchrow(f"{KNOWN} WHERE p.agency_id = $2 AND p.id = $3", at, agency_id, person_id)
        return None if row is None else _known(row)

    async def history(self, person_id: uuid.UUID, at: datetime) -> History:
        """What was done to the account, and its sessions; newest first."""
        changes = await self._pool.fetch(
            "SELECT command, done_by FROM account_changes WHERE person_id = $1 ORDER BY id DESC LIMIT $2",
            *(person_id, HISTORY_AT_MOST),
        )
        sessions = await self._pool.fetch(
            """
            SELECT started_at, last_seen_at, address, ends_at > $2 AS is_open FROM sessions
             WHERE person_id = $1 ORDER BY started_at DESC LIMIT $3
            """,
            *(person_id, at, HISTORY_AT_MOST),
        )
        return History(
            [AccountChange(row["command"], msgspec.convert(row["done_by"], ByPerson)) for row in changes],
            [SeenSession(**dict(row)) for row in sessions],
        )

    async def create(
        self, person: Person, directory_name: str | None, invitation: bytes, until: datetime, by: ByPerson
    ) -> bool:
        """Makes an account; False when the name is taken."""
        async with self._pool.acquire() as connection, connection.transaction():
            made = await connection.fetchval(
                """
                INSERT INTO people
                    (id, username, name, title, agency_id, directory_name, created_at, invitation_sha256, invited_until)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING true
                """,
                *(person.id, person.username, person.name, person.title, person.agency_id),
                *(directory_name, by.at, invitation, until),
            )
            if made:
                await _note(connection, person.id, "create", by)
        return bool(made)

    async def change(self, person_id: uuid.UUID, command: Command, by: ByPerson) -> None:
        """Deactivates, reactivates, releases or marks as reviewed; what is deactivated is out at once."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(CHANGES[command], person_id, *((by.at,) if "$2" in CHANGES[command] else ()))
            if command == "release":
                await connection.execute(
                    "DELETE FROM sign_in_attempts WHERE username = (SELECT username FROM people WHERE id = $1)",
                    person_id,
                )
            if command == "deactivate":
                await _end_sessions(connection, person_id, by.at)
            await _note(connection, person_id, command, by)

    async def invite(self, person_id: uuid.UUID, invitation: bytes, until: datetime, by: ByPerson) -> None:
        """Gives a new invitation, and ends the person's sessions."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "UPDATE people SET invitation_sha256 = $2, invited_until = $3, password_hash = NULL WHERE id = $1",
                *(person_id, invitation, until),
            )
            await _end_sessions(connection, person_id, by.at)
            await _note(connection, person_id, "invite", by)

    async def train(self, person_id: uuid.UUID, record: TrainingRecord, by: ByPerson) -> None:
        """Puts a training on file."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO trainings (id, person_id, training_id, completed_on, recorded_at)"
                " VALUES ($1, $2, $3, $4, $5)",
                *(uuid.uuid4(), person_id, record.training_id, record.completed_on, record.recorded_at),
            )
            await _note(connection, person_id, "train", by)

    async def violate(self, person_id: uuid.UUID, by: ByPerson) -> None:
        """Puts a violation on file."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO violations (id, person_id, at, statement) VALUES ($1, $2, $3, $4)",
                *(uuid.uuid4(), person_id, by.at, by.statement),
            )
            await _note(connection, person_id, "violation", by)

    async def open_window(self, person_id: uuid.UUID, until: datetime, by: ByPerson) -> None:
        """Opens a maintenance window, from now."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO maintenance_windows (id, person_id, from_at, until_at, statement)"
                " VALUES ($1, $2, $3, $4, $5)",
                *(uuid.uuid4(), person_id, by.at, until, by.statement),
            )
            await _note(connection, person_id, "open-window", by)


async def _note(connection: asyncpg.Connection, person_id: uuid.UUID, command: Command, by: ByPerson) -> None:
    await connection.execute(
        "INSERT INTO account_changes (person_id, at, command, statement, done_by) VALUES ($1, $2, $3, $4, $5)",
        *(person_id, by.at, command, by.statement, msgspec.to_builtins(by)),
    )


async def _end_sessions(connection: asyncpg.Connection, person_id: uuid.UUID, at: datetime) -> None:
    await connection.execute("UPDATE sessions SET ends_at = $2 WHERE person_id = $1 AND ends_at > $2", person_id, at)


def _known(row: asyncpg.Record) -> KnownAccount:
    return KnownAccount(
        person=person_in(row),
        record=record_in(row),
        **{
            name: row[name]
            for name in (
                *("active", "created_at", "reviewed_at", "locked_at", "invited_until", "directory_name"),
                *("has_second_factor", "open_sessions", "alarmed_at"),
            )
        },
    )
