"""Machine clients in PostgreSQL: who admits them, which of their assertions are used, and their tokens."""

from datetime import datetime

import asyncpg
import msgspec

from services.gateway.partners.clients import Admission, Ending, MachineClient
from services.gateway.partners.tokens import KeptToken
from services.gateway.sign_in import sha256

_CLIENTS = """
SELECT c.document, coalesce(
           jsonb_agg(
               jsonb_strip_nulls(jsonb_build_object(
                   'owner', a.owner, 'by', a.admitted_by, 'at', a.admitted_at, 'ended', CASE WHEN a.ended_at IS NOT NULL
                   THEN jsonb_build_object('by', a.ended_by, 'at', a.ended_at, 'why', a.ended_why) END
               )) ORDER BY a.admitted_at, a.owner
           ) FILTER (WHERE a.owner IS NOT NULL), '[]'::jsonb
       ) AS admissions
  FROM partner_clients c LEFT JOIN partner_admissions a ON a.client_id = c.id
"""
_EACH = "GROUP BY c.id ORDER BY c.registered_at DESC, c.id"


class PostgresPartners:
    """The tables `partner_clients`, `partner_admissions`, `partner_assertions` and `partner_tokens`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def clients(self) -> list[MachineClient]:
        """All that there are, living or ended, newest first."""
        return [_client(row) for row in await self._pool.fetch(f"{_CLIENTS} {_EACH}")]

    async def client(self, client_id: str) -> MachineClient | None:
        """One of them."""
        row = await self._pool.fetchrow(f"{_CLIENTS} WHERE c.id = $1 {_EACH}", client_id)
        return None if row is None else _client(row)

    async def add(self, client: MachineClient) -> None:
        """Puts a new client on file, with its registrar's admission."""
        document = msgspec.to_builtins(msgspec.structs.replace(client, admissions=()))
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                """
                INSERT INTO partner_clients (id, agency_id, registered_by, registered_at, document)
                VALUES ($1, $2, $3, $4, $5)
                """,
                *(client.client_id, client.agency_id, client.registrar, client.registered_at, document),
            )
            for admission in client.admissions:
                await _admit(connection, client.client_id, admission)

    async def admit(self, client_id: str, admission: Admission) -> bool:
        """Puts an admission on file; False where the owner admits it already."""
        async with self._pool.acquire() as connection:
            return await _admit(connection, client_id, admission)

    async def withdraw(self, client_id: str, owner: str, ending: Ending) -> bool:
        """Ends the owner's admission; False where there is none."""
        done: str = await self._pool.execute(
            """
            UPDATE partner_admissions SET ended_at = $3, ended_by = $4, ended_why = $5
             WHERE client_id = $1 AND owner = $2 AND ended_at IS NULL
            """,
            *(client_id, owner, ending.at, msgspec.to_builtins(ending.by), ending.why),
        )
        return done == "UPDATE 1"

    async def end(self, client_id: str, ending: Ending) -> bool:
        """Ends the client for all, and its tokens; False where it has ended before."""
        async with self._pool.acquire() as connection, connection.transaction():
            done: str = await connection.execute(
                """
                UPDATE partner_clients SET ended_at = $2, document = document || jsonb_build_object('ended', $3::jsonb)
                 WHERE id = $1 AND ended_at IS NULL
                """,
                *(client_id, ending.at, msgspec.to_builtins(ending)),
            )
            await connection.execute("DELETE FROM partner_tokens WHERE client_id = $1", client_id)
        return done == "UPDATE 1"

    async def use_once(self, client_id: str, jti: str, until: datetime) -> bool:
        """Notes that the assertion is used, for good; False when it has been before."""
        done: str = await self._pool.execute(
            """
            INSERT INTO partner_assertions (client_id, jti_sha256, until_at) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
            """,
            *(client_id, sha256(jti), until),
        )
        return done == "INSERT 0 1"

    async def keep_token(self, secret_sha256: bytes, token: KeptToken) -> None:
        """Keeps a token by the hash of its secret."""
        await self._pool.execute(
            """
            INSERT INTO partner_tokens (secret_sha256, public_id, client_id, scopes, ends_at)
            VALUES ($1, $2, $3, $4, $5)
            """,
            *(secret_sha256, token.public_id, token.client.client_id, list(token.scopes), token.ends_at),
        )

    async def token(self, secret_sha256: bytes, at: datetime) -> KeptToken | None:
        """The token with this secret, unless it is over."""
        row = await self._pool.fetchrow(
            "SELECT * FROM partner_tokens WHERE secret_sha256 = $1 AND ends_at > $2", secret_sha256, at
        )
        client = None if row is None else await self.client(row["client_id"])
        if row is None or client is None:
            return None
        return KeptToken(row["public_id"], client, tuple(row["scopes"]), row["ends_at"])

    async def forget(self, at: datetime) -> None:
        """Deletes tokens that are over, and assertions that would be refused for their time."""
        await self._pool.execute("DELETE FROM partner_tokens WHERE ends_at <= $1", at)
        await self._pool.execute("DELETE FROM partner_assertions WHERE until_at < $1", at)


async def _admit(connection: asyncpg.Connection, client_id: str, admission: Admission) -> bool:
    done: str = await connection.execute(
        """
        INSERT INTO partner_admissions (client_id, owner, admitted_at, admitted_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """,
        *(client_id, admission.owner, admission.at, msgspec.to_builtins(admission.by)),
    )
    return done == "INSERT 0 1"


def _client(row: asyncpg.Record) -> MachineClient:
    return msgspec.convert(row["document"] | {"admissions": row["admissions"]}, MachineClient)
