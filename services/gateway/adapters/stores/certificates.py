"""Purge certificates, as the retention service lets the gateway read them."""

import uuid

import asyncpg

from services.gateway.adapters.api.certificates import Issued, Signed

NEWEST = 1000


class PostgresCertificates:
    """The table `retention.purge_certificates`, which is only ever read here."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of(self, agency_id: str) -> list[Issued]:
        """The agency's newest, newest first."""
        rows = await self._pool.fetch(
            "SELECT id, day, issued_at FROM retention.purge_certificates WHERE agency_id = $1"
            " ORDER BY day DESC, issued_at DESC LIMIT $2",
            *(agency_id, NEWEST),
        )
        return [Issued(**dict(row)) for row in rows]

    async def one(self, certificate_id: uuid.UUID, agency_id: str) -> Signed | None:
        """One of the agency's."""
        row = await self._pool.fetchrow(
            "SELECT statement, encode(signature, 'hex') AS signature, signer FROM retention.purge_certificates"
            " WHERE id = $1 AND agency_id = $2",
            *(certificate_id, agency_id),
        )
        return None if row is None else Signed(**dict(row))
