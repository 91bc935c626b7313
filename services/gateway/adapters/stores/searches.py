"""Searches that were made, and their traces, in PostgreSQL."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.access import Reason
from services.gateway.searching.past import PastSearch, RecentSearch, Tally, Traces
from services.gateway.searching.question import Question
from services.gateway.searching.seals import Seals


class PostgresSearches:
    """The tables `searches` and `search_traces`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keep(self, search: PastSearch, traces: Traces, at: datetime) -> None:
        """Keeps a search for as long as its session can last, and its traces for as long as policy looks back."""
        await self._pool.execute(
            """
            WITH kept AS (
                INSERT INTO searches (access_id, person_id, question, reason, made_at) VALUES ($1, $2, $3, $4, $5)
            )
            INSERT INTO search_traces (access_id, person_id, made_at, target, words, case_of, validated)
            VALUES ($1, $2, $5, $6, $7, $8, $9)
            """,
            *(search.access_id, search.person_id),
            *(msgspec.to_builtins(search.question), msgspec.to_builtins(search.reason), at),
            *(traces.target, traces.words, traces.case, traces.validated),
        )

    async def past(self, access_id: uuid.UUID) -> PastSearch | None:
        """A search that was kept."""
        row = await self._pool.fetchrow(
            "SELECT access_id, person_id, question, reason FROM searches WHERE access_id = $1", access_id
        )
        return None if row is None else _past(row)

    async def recent(self, person_id: uuid.UUID, at_most: int) -> list[RecentSearch]:
        """The searches of this person that are kept, newest first."""
        rows = await self._pool.fetch(
            "SELECT access_id, person_id, question, reason, made_at FROM searches WHERE person_id = $1"
            " ORDER BY made_at DESC LIMIT $2",
            *(person_id, at_most),
        )
        return [RecentSearch(_past(row), row["made_at"]) for row in rows]

    async def tally(self, person_id: uuid.UUID, traces: Traces, since: datetime) -> Tally:
        """How often this person has done the same since then."""
        row = await self._pool.fetchrow(
            """
            SELECT count(*) FILTER (WHERE target = $3 AND NOT validated) AS of_the_plate,
                   count(DISTINCT coalesce(target, '')) FILTER (
                       WHERE words = $4 AND target IS DISTINCT FROM $3
                         AND (case_of IS NULL OR case_of IS DISTINCT FROM $5)
                   ) AS with_the_words
              FROM search_traces WHERE person_id = $1 AND made_at >= $2
            """,
            *(person_id, since, traces.target, traces.words, traces.case),
        )
        return Tally(row["of_the_plate"], row["with_the_words"])

    async def forget_before(self, made_at: datetime) -> None:
        """Deletes searches made before this time; their access records stay where they are."""
        await self._pool.execute("DELETE FROM searches WHERE made_at < $1", made_at)

    async def forget_traces_before(self, made_at: datetime) -> None:
        """Deletes the traces of searches made before this time."""
        await self._pool.execute("DELETE FROM search_traces WHERE made_at < $1", made_at)


async def load_seals(pool: asyncpg.Pool) -> Seals:
    """The seals under the key that all gateways share."""
    return Seals(await pool.fetchval("SELECT key FROM sealing_keys"))


def _past(row: asyncpg.Record) -> PastSearch:
    question, reason = msgspec.convert(row["question"], Question), msgspec.convert(row["reason"], Reason)
    return PastSearch(row["access_id"], row["person_id"], question, reason)
