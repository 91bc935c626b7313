"""MOUs in PostgreSQL: every version, with the outbox that tells the matcher, and the count of searches under each."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import asyncpg
import msgspec

from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.adapters.stores.read_finder import all_placements
from services.gateway.adapters.stores.sharing import put_agreement
from services.gateway.sharing.grants import sharing_agreement
from services.gateway.sharing.mou import Mou, standing
from services.gateway.sharing.signing import AgencyKeys, with_true_signatures

GRANTS_LOCK = 0x4752414E
"""The advisory lock of whoever changes an MOU, or whether a list may leave: each must see what the other has done."""

_MAY_LEAVE = """
SELECT list_id FROM (
    SELECT DISTINCT ON (list_id) list_id, allowed FROM list_sharing_decisions
     WHERE agency_id = $1 ORDER BY list_id, decided_at DESC, id DESC
) newest WHERE allowed
"""


class PostgresMous:
    """The tables `mous` and `mou_searches`."""

    def __init__(self, pool: asyncpg.Pool, keys: AgencyKeys, policies: PolicyCatalogue) -> None:
        self._pool, self._keys, self._policies = pool, keys, policies

    async def of_agency(self, agency_id: str) -> list[Mou]:
        """All versions of the MOUs to which the agency is a party, newest first."""
        rows = await self._pool.fetch(
            "SELECT document FROM mous WHERE $1 IN (grantor, grantee) ORDER BY document ->> 'proposed_at' DESC, id",
            agency_id,
        )
        return [_mou(row) for row in rows]

    async def versions(self, mou_id: str, agency_id: str) -> list[Mou]:
        """The versions of an MOU to which the agency is a party, newest first."""
        rows = await self._pool.fetch(
            "SELECT document FROM mous WHERE id = $1 AND $2 IN (grantor, grantee) ORDER BY version DESC",
            *(mou_id, agency_id),
        )
        return [_mou(row) for row in rows]

    async def add(self, mou: Mou) -> bool:
        """Puts a version on file; False when the number is taken, or the id is that of one between others."""
        terms = mou.terms
        async with self._pool.acquire() as connection, connection.transaction():
            # One from elsewhere brings its id with it: two that come at once must not both find it free.
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('mou ' || $1, 0))", terms.mou_id)
            done: str = await connection.execute(
                """
                INSERT INTO mous (id, version, grantor, grantee, document)
                SELECT $1, $2, $3, $4, $5
                 WHERE NOT EXISTS (SELECT FROM mous WHERE id = $1 AND (grantor, grantee) <> ($3, $4))
                ON CONFLICT DO NOTHING
                """,
                *(terms.mou_id, terms.version, terms.grantor.agency_id, terms.grantee.agency_id),
                msgspec.to_builtins(mou),
            )
        return done == "INSERT 0 1"

    async def change(
        self, mou_id: str, agency_id: str, at: datetime, decide: Callable[[tuple[Mou, ...]], tuple[Mou, ...]]
    ) -> tuple[Mou, ...]:
        """Does to the versions, newest first, what is decided, alone with them. The matcher is told with it."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", GRANTS_LOCK)
            rows = await connection.fetch(
                "SELECT document FROM mous WHERE id = $1 AND $2 IN (grantor, grantee) ORDER BY version DESC FOR UPDATE",
                *(mou_id, agency_id),
            )
            versions = {mou.terms.version: mou for mou in map(_mou, rows)}
            changed = decide(tuple(versions.values()))
            for mou in changed:
                await connection.execute(
                    "UPDATE mous SET document = $3 WHERE id = $1 AND version = $2",
                    *(mou_id, mou.terms.version, msgspec.to_builtins(mou)),
                )
                versions[mou.terms.version] = mou
            await self._tell(connection, versions.values(), at)
        return changed

    async def tell_of_list(self, connection: asyncpg.Connection, agency_id: str, list_id: str, at: datetime) -> None:
        """Tells the matcher anew of what names this list, when it may leave or may no more; within GRANTS_LOCK."""
        rows = await connection.fetch(
            "SELECT document FROM mous WHERE grantor = $1 AND id IN"
            " (SELECT id FROM mous WHERE grantor = $1 AND document #> '{terms,list_ids}' ? $2)",
            *(agency_id, list_id),
        )
        await connection.execute("UPDATE mou_changes SET number = number + 1")
        await self._tell(connection, map(_mou, rows), at)

    async def _tell(self, connection: asyncpg.Connection, versions: Iterable[Mou], at: datetime) -> None:
        for counts in standing(with_true_signatures(mou, self._keys) for mou in versions):
            grantor = counts.terms.grantor.agency_id
            places = await all_placements(connection, (grantor,))
            await put_agreement(connection, sharing_agreement(await self._leaving(connection, counts), places), at)

    async def as_they_may_leave(self, mous: Iterable[Mou]) -> tuple[Mou, ...]:
        """The same, without the lists that may not leave their grantors now (Stockton IV.C.6)."""
        async with self._pool.acquire() as connection:
            return tuple([await self._leaving(connection, mou) for mou in mous])

    async def _leaving(self, connection: asyncpg.Connection, mou: Mou) -> Mou:
        terms = mou.terms
        grantor = self._policies.get(terms.grantor.agency_id)
        # Whether a list of another deployment may leave is said there.
        if not terms.list_ids or grantor is None or not grantor.hot_lists.shared_by:
            return mou
        allowed = {row["list_id"] for row in await connection.fetch(_MAY_LEAVE, grantor.id)}
        list_ids = tuple(one for one in terms.list_ids if one in allowed)
        return msgspec.structs.replace(mou, terms=msgspec.structs.replace(terms, list_ids=list_ids))

    async def camera_names(self, agency_id: str) -> dict[str, str]:
        """The agency's cameras: their names by id."""
        rows = await self._pool.fetch(
            "SELECT id, document #>> '{place,name}' AS name FROM cameras WHERE agency_id = $1 ORDER BY name, id",
            agency_id,
        )
        return {row["id"]: row["name"] for row in rows}

    async def number(self) -> int:
        """How often anything was changed: while it stays, so do all agreements."""
        return int(await self._pool.fetchval("SELECT number FROM mou_changes"))

    async def all(self) -> list[Mou]:
        """All versions."""
        return [_mou(row) for row in await self._pool.fetch("SELECT document FROM mous ORDER BY id, version")]

    async def use(self, mous: Mapping[str, int], at: datetime) -> frozenset[str]:
        """Counts a search under these MOUs, by id, each with its quota for the UTC day; returns those used up."""
        rows = await self._pool.fetch(
            """
            INSERT INTO mou_searches AS counted (mou_id, day, searches)
            SELECT mou_id, $3, 1 FROM unnest($1::text[], $2::integer[]) AS asked (mou_id, quota) ORDER BY mou_id
            ON CONFLICT (mou_id, day) DO UPDATE SET searches = counted.searches + 1
             WHERE counted.searches < ($2::integer[])[array_position($1::text[], counted.mou_id)]
            RETURNING mou_id
            """,
            *(list(mous), list(mous.values()), at.astimezone(UTC).date()),
        )
        return frozenset(mous) - {row["mou_id"] for row in rows}


def _mou(row: asyncpg.Record) -> Mou:
    return msgspec.convert(row["document"], Mou)
