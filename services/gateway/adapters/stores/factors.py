"""Half sign-ins and second factors in PostgreSQL."""

import uuid
from datetime import datetime

import asyncpg

from services.gateway.second_factor import Passkey, Ticket


class PostgresFactors:
    """The tables `sign_in_tickets` and `passkeys`, and the invitation and the authenticator in `people`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def open_ticket(self, person_id: uuid.UUID, secret: bytes, ends_at: datetime, *, enrolling: bool) -> None:
        """Keeps a ticket by the hash of its secret."""
        await self._pool.execute(
            "INSERT INTO sign_in_tickets (secret_sha256, person_id, enrolling, ends_at) VALUES ($1, $2, $3, $4)",
            *(secret, person_id, enrolling, ends_at),
        )

    async def ticket(self, secret: bytes, at: datetime) -> Ticket | None:
        """The ticket with this secret, unless its time is over."""
        row = await self._pool.fetchrow(
            """
            SELECT t.person_id, p.username, t.enrolling, t.challenge, t.totp_sealed AS totp_offered,
                   p.totp_sealed AS totp_kept, p.totp_last_step
              FROM sign_in_tickets t JOIN people p ON p.id = t.person_id
             WHERE t.secret_sha256 = $1 AND t.ends_at > $2 AND p.active
            """,
            *(secret, at),
        )
        if row is None:
            return None
        passkeys = await self._pool.fetch(
            "SELECT credential_id, public_key, sign_count FROM passkeys WHERE person_id = $1 ORDER BY added_at",
            row["person_id"],
        )
        return Ticket(**dict(row), passkeys=tuple(Passkey(**dict(one)) for one in passkeys))

    async def note_on_ticket(
        self, secret: bytes, *, challenge: bytes | None = None, totp_sealed: bytes | None = None
    ) -> None:
        """Keeps with a ticket what its next step is checked against."""
        await self._pool.execute(
            """
            UPDATE sign_in_tickets
               SET challenge = coalesce($2, challenge), totp_sealed = coalesce($3, totp_sealed)
             WHERE secret_sha256 = $1
            """,
            *(secret, challenge, totp_sealed),
        )

    async def close_ticket(self, secret: bytes) -> bool:
        """Ends a ticket; False when it has been used already."""
        closed = await self._pool.fetchval(
            "DELETE FROM sign_in_tickets WHERE secret_sha256 = $1 RETURNING true", secret
        )
        return bool(closed)

    async def keep_totp(self, person_id: uuid.UUID, sealed: bytes, step: int) -> None:
        """Keeps a person's authenticator."""
        await self._pool.execute(
            "UPDATE people SET totp_sealed = $2, totp_last_step = $3 WHERE id = $1", person_id, sealed, step
        )

    async def use_step(self, person_id: uuid.UUID, step: int) -> bool:
        """Uses up a step and all before it; False when it has been used."""
        used = await self._pool.fetchval(
            "UPDATE people SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2 RETURNING true",
            *(person_id, step),
        )
        return bool(used)

    async def keep_passkey(self, person_id: uuid.UUID, passkey: Passkey, at: datetime) -> None:
        """Keeps a person's passkey."""
        await self._pool.execute(
            "INSERT INTO passkeys (credential_id, person_id, public_key, sign_count, added_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            *(passkey.credential_id, person_id, passkey.public_key, passkey.sign_count, at),
        )

    async def use_passkey(self, passkey: Passkey, sign_count: int) -> bool:
        """Moves a passkey's count on; False when another has done so meanwhile."""
        used = await self._pool.fetchval(
            "UPDATE passkeys SET sign_count = $3 WHERE credential_id = $1 AND sign_count = $2 RETURNING true",
            *(passkey.credential_id, passkey.sign_count, sign_count),
        )
        return bool(used)

    async def invited(self, username: str, invitation: bytes, at: datetime) -> bool:
        """Whether this invitation is the one of the account, and in time."""
        found = await self._pool.fetchval(
            """
            SELECT true FROM people
             WHERE username = $1 AND invitation_sha256 = $2 AND invited_until > $3 AND active AND locked_at IS NULL
            """,
            *(username.replace("\0", ""), invitation, at),
        )
        return bool(found)

    async def accept(self, username: str, invitation: bytes, password_hash: str, at: datetime) -> bool:
        """Sets the password, and takes away the invitation and all second factors; False when it is not good.

        Of several who accept an invitation at the same instant, one does: the others find the row changed.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            person_id = await connection.fetchval(
                """
                UPDATE people
                   SET password_hash = $3, invitation_sha256 = NULL, invited_until = NULL, totp_sealed = NULL,
                       totp_last_step = 0
                 WHERE username = $1 AND invitation_sha256 = $2 AND invited_until > $4 AND active AND locked_at IS NULL
                RETURNING id
                """,
                *(username, invitation, password_hash, at),
            )
            await connection.execute("DELETE FROM passkeys WHERE person_id = $1", person_id)
        return person_id is not None
