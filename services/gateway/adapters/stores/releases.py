"""Requests for release and their packages, in PostgreSQL."""

import uuid
from collections.abc import Callable
from datetime import datetime

import asyncpg
import msgspec

from services.gateway.releases.request import Release


class PostgresReleases:
    """The tables `releases` and `release_packages`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, agency_id: str, year: int, made: Callable[[str], Release]) -> Release:
        """Files the request that is made under the agency's next number of the year."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"releases {agency_id}")
            count = await connection.fetchval(
                "SELECT count(*) FROM releases WHERE agency_id = $1 AND number LIKE $2", agency_id, f"{year}-%"
            )
            release = made(f"{year}-{count + 1:04d}")
            await connection.execute(
                "INSERT INTO releases (id, agency_id, number, received_at, version, document)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                *(release.id, agency_id, release.number, release.received_at, release.version),
                msgspec.to_builtins(release),
            )
        return release

    async def of_agency(self, agency_id: str) -> list[Release]:
        """The agency's requests, newest first."""
        rows = await self._pool.fetch(
            "SELECT document FROM releases WHERE agency_id = $1 ORDER BY received_at DESC LIMIT 500", agency_id
        )
        return [msgspec.convert(row["document"], Release) for row in rows]

    async def one(self, release_id: uuid.UUID, agency_id: str) -> Release | None:
        """A request of the agency."""
        document = await self._pool.fetchval(
            "SELECT document FROM releases WHERE id = $1 AND agency_id = $2", release_id, agency_id
        )
        return None if document is None else msgspec.convert(document, Release)

    async def replace(self, release: Release, content: bytes | None = None) -> bool:
        """Writes a step down, with the package that it made; False when another step was made meanwhile."""
        async with self._pool.acquire() as connection, connection.transaction():
            done = await connection.fetchval(
                "UPDATE releases SET version = $2, document = $3 WHERE id = $1 AND version = $2 - 1 RETURNING true",
                *(release.id, release.version, msgspec.to_builtins(release)),
            )
            if done and content is not None:
                assert release.package is not None
                await connection.execute(
                    """
                    INSERT INTO release_packages (release_id, expires_at, content) VALUES ($1, $2, $3)
                    ON CONFLICT (release_id) DO UPDATE SET expires_at = excluded.expires_at, content = excluded.content
                    """,
                    *(release.id, release.package.expires_at, content),
                )
        return bool(done)

    async def package(self, release_id: uuid.UUID, at: datetime) -> bytes | None:
        """The package of a request, until its time is over."""
        content: bytes | None = await self._pool.fetchval(
            "SELECT content FROM release_packages WHERE release_id = $1 AND expires_at > $2", release_id, at
        )
        return content

    async def forget(self, at: datetime) -> None:
        """Deletes the packages whose time is over; the requests, with their hashes, stay."""
        await self._pool.execute("DELETE FROM release_packages WHERE expires_at <= $1", at)
