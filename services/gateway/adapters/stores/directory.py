"""Who is away at an identity provider, in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.gateway.sign_in import sha256


@dataclass(frozen=True, slots=True)
class Away:
    """What the one who comes back is checked against."""

    agency_id: str
    nonce: str
    verifier: str


class PostgresDirectory:
    """The table `directory_sign_ins`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def leaves(self, state: str, away: Away, ends_at: datetime) -> None:
        """Notes that somebody has been sent off."""
        await self._pool.execute(
            "INSERT INTO directory_sign_ins (state_sha256, agency_id, nonce, verifier, ends_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            *(sha256(state), away.agency_id, away.nonce, away.verifier, ends_at),
        )

    async def comes_back(self, state: str, at: datetime) -> Away | None:
        """Who comes back with this state, once; None when nobody, or too late."""
        row = await self._pool.fetchrow(
            "DELETE FROM directory_sign_ins WHERE state_sha256 = $1 RETURNING agency_id, nonce, verifier, ends_at",
            sha256(state),
        )
        if row is None or row["ends_at"] <= at:
            return None
        return Away(row["agency_id"], row["nonce"], row["verifier"])
