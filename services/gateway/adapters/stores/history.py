"""What held at a time: versions of entries, lists and agreements; and reads and hits through the granted views."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList, list_key
from plateward.contracts.reads import PlateRead
from plateward.contracts.sharing import SharingAgreement
from plateward.kernel.postgres import within_scope
from plateward.matching.in_force import Lists

HELD = "from_at <= $1 AND (until_at IS NULL OR until_at > $1)"


class PostgresHistory:
    """The tables of versions, and two views of the retention service's."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def read(self, read_id: uuid.UUID, owners: tuple[str, ...]) -> PlateRead | None:
        """A read of one of these agencies."""
        async with within_scope(self._pool, owners) as connection:
            document = await connection.fetchval(
                """SELECT document FROM retention.explainable_reads WHERE agency_id = ANY($1) AND id = $2""",
                *(list(owners), read_id),
            )
        return None if document is None else msgspec.convert(document, PlateRead)

    async def raised_at(self, read_id: uuid.UUID, agency_id: str) -> datetime | None:
        """When the first hit of the read that the agency may see was raised."""
        raised_at: datetime | None = await self._pool.fetchval(
            "SELECT min(raised_at) FROM retention.searchable_hits WHERE read_id = $1 AND agencies @> ARRAY[$2]",
            *(read_id, agency_id),
        )
        return raised_at

    async def entries(self, keys: frozenset[str], at: datetime) -> list[HotListEntry]:
        """The entries that were on any list, and had one of these match keys or could have any."""
        rows = await self._pool.fetch(
            f"""
            SELECT document FROM entry_versions
             WHERE {HELD} AND (match_key = ANY($2) OR match_key IS NULL) ORDER BY from_at, entry_id
            """,  # noqa: S608
            *(at, sorted(keys)),
        )
        return [msgspec.convert(row["document"], HotListEntry) for row in rows]

    async def lists(self, at: datetime) -> Lists:
        """All lists as they were."""
        rows = await self._pool.fetch(f"SELECT document FROM hot_list_versions WHERE {HELD}", at)  # noqa: S608
        lists = [msgspec.convert(row["document"], HotList) for row in rows]
        return {list_key(one.agency_id, one.list_id): one for one in lists}

    async def agreements(self, at: datetime) -> list[SharingAgreement]:
        """All agreements as they were."""
        rows = await self._pool.fetch(f"SELECT document FROM sharing_versions WHERE {HELD}", at)  # noqa: S608
        return [msgspec.convert(row["document"], SharingAgreement) for row in rows]
