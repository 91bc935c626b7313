"""Answers to writes, kept for a day and sealed under the key that the sender holds."""

import hashlib
import hmac
import os
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEPT_FOR = timedelta(hours=24)

PATIENCE_SECONDS = 10
"""How long a form that is sent again waits for the first time to be done."""

_NONCE_BYTES = 12


class KeptAnswer(msgspec.Struct, frozen=True):
    """An answer as it was given."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Write:
    """A write, known by who sends what under which key. Of the key itself only digests are kept."""

    person_id: uuid.UUID
    route: str
    key: str
    request: bytes

    @property
    def id(self) -> bytes:
        """What makes two writes the same."""
        return self._digest(b"id")

    @property
    def request_digest(self) -> bytes:
        """What tells another request under the same key; without the key, nobody can guess the request from it."""
        return self._digest(b"request " + hashlib.sha256(self.request).digest())

    @property
    def lock(self) -> int:
        """The number of the lock that is held while the write is done."""
        return int.from_bytes(self.id[:8], signed=True)

    def seal(self, answer: KeptAnswer) -> bytes:
        """The answer, readable only with the key."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, msgspec.msgpack.encode(answer), self.id)

    def open(self, sealed: bytes) -> KeptAnswer:
        """The answer that was sealed; raises ValueError when it was tampered with."""
        try:
            plain = self._cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self.id)
        except InvalidTag as error:
            raise ValueError("a kept answer does not open under its key") from error
        return msgspec.msgpack.decode(plain, type=KeptAnswer)

    def _cipher(self) -> AESGCM:
        return AESGCM(self._digest(b"seal"))

    def _digest(self, purpose: bytes) -> bytes:
        named = b"\0".join((purpose, self.person_id.bytes, self.route.encode()))
        return hmac.digest(self.key.encode(), named, "sha256")


class AnswerStore:
    """The table `answers`. What belongs to a write is asked on the connection whose transaction the write is."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begin(self, connection: asyncpg.Connection, write: Write, *, patient: bool) -> bool:
        """Takes the write's lock until the transaction ends; False when somebody else does the write just now.

        Whoever is patient waits for them first; after False, the transaction is good for nothing more.
        """
        if patient:
            await connection.execute(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
            try:
                await connection.execute("SELECT pg_advisory_xact_lock($1)", write.lock)
            except asyncpg.LockNotAvailableError:
                return False
            await connection.execute("SET LOCAL lock_timeout TO DEFAULT")
            return True
        return bool(await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", write.lock))

    async def kept(self, connection: asyncpg.Connection, write: Write, at: datetime) -> tuple[bytes, bytes] | None:
        """The digest of the request that was answered, and the sealed answer."""
        row = await connection.fetchrow(
            "SELECT request_digest, sealed FROM answers WHERE id = $1 AND kept_until > $2", write.id, at
        )
        return None if row is None else (row["request_digest"], row["sealed"])

    async def keep(self, connection: asyncpg.Connection, write: Write, answer: KeptAnswer, at: datetime) -> None:
        """Keeps the answer to a write that is done."""
        await connection.execute(
            """
            INSERT INTO answers (id, person_id, route, request_digest, sealed, kept_until)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET request_digest = EXCLUDED.request_digest, sealed = EXCLUDED.sealed,
                                           kept_until = EXCLUDED.kept_until
            """,
            *(write.id, write.person_id, write.route, write.request_digest, write.seal(answer), at + KEPT_FOR),
        )

    async def forget(self, at: datetime) -> None:
        """Deletes the answers whose day is over."""
        await self._pool.execute("DELETE FROM answers WHERE kept_until <= $1", at)
