"""Lists from files in PostgreSQL: each file that came, what became of it, and what its list holds since."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.lists import HotList
from plateward.policy.profile import AgencyProfile, Designation
from plateward.policy.reasons import Missing
from services.gateway.adapters.list_sources.lines import ListLines, known_lines
from services.gateway.adapters.list_sources.reading import rows_of
from services.gateway.adapters.outgoing import IN_TURN
from services.gateway.adapters.stores.hot_list import list_in_force, state_list
from services.gateway.list_sources.designated import brought_lists
from services.gateway.list_sources.judging import Judgement, Standing, judge_read, judge_unread
from services.gateway.list_sources.kept import Brought, Decided, InvalidRefresh, Kept
from services.gateway.list_sources.refresh import REJECTED_LINES_KEPT, Counts, Refresh, RejectedLine
from services.gateway.list_sources.stating import brought_list, refreshed
from services.gateway.people import Person
from services.gateway.search import NoSuchRecord

REFRESHES_SHOWN = 20

STILL = """
INSERT INTO list_refreshes
       (id, agency_id, list_id, way, brought_by, came_at, as_of, sha256, bytes, reading, state, why, version)
SELECT $3, $1, $2, 'pull', $5, $4, $4, sha256, bytes, reading, 'unchanged',
       'its source says that nothing has changed', $6
  FROM list_refreshes WHERE agency_id = $1 AND list_id = $2 AND state IN ('replaced', 'unchanged')
 ORDER BY coalesce(decided_at, came_at) DESC LIMIT 1
"""

COUNTS = tuple(Counts.__dataclass_fields__)


class PostgresSourceLists:
    """The tables of `050_list_refreshes.sql`, the versions of lists and entries, and `outbox`, changed together."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def take(self, brought: Brought) -> Refresh:
        """Does to the list what the file does to it, alone with it; raises InvalidMapping, NotRead."""
        designated, file, refresh_id = brought.designated, brought.file, uuid.uuid4()
        own = (designated.agency_id, designated.list_id)
        async with self._pool.acquire() as connection, connection.transaction():
            before = await list_in_force(connection, *own)
            known = await _same_file(connection, brought)
            if known is not None and known.state == "held":
                return known
            standing = await _standing(connection, *own)
            judgement = judge_unread(file.as_of, file.sha256, designated.reading, standing, brought.at)
            lines, counts = None, Counts()
            if known is not None and file.way != "upload":
                judgement = Judgement("refused", "a designator has declined it")
            if judgement is None:
                lines = ListLines(connection, *own)
                async with known_lines(connection, *own) as digests:
                    await lines.stage(rows_of(file.path, file.bytes, designated, digests))
                accepted, rejected = await lines.counts()
                special = brought.designation.special
                judgement = judge_read(accepted, rejected, standing, approval_first=special)
                counts = Counts(accepted, rejected)
                if judgement.verdict == "replaced":
                    counts = Counts(accepted, rejected, *await lines.replace(brought.at))
            version = await _state(connection, brought, judgement, before, counts)
            if judgement.verdict in ("replaced", "held"):
                await _end_waiting(connection, *own)
            await _add(connection, refresh_id, brought, judgement, version, counts)
            if lines is not None:
                await lines.keep_rejected(refresh_id, REJECTED_LINES_KEPT)
                if judgement.verdict == "held":
                    await lines.hold(refresh_id)
            refresh = await _one(connection, refresh_id, designated.agency_id)
        assert refresh is not None
        return refresh

    async def still(self, designation: Designation, profile: AgencyProfile, by: Person, at: datetime) -> Refresh:
        """Notes that the source has nothing else than what is in force; raises InvalidRefresh where nothing is."""
        own, refresh_id = (profile.id, designation.list), uuid.uuid4()
        async with self._pool.acquire() as connection, connection.transaction():
            before = await list_in_force(connection, *own)
            if before is None or await _standing(connection, *own) is None:
                raise InvalidRefresh(Missing("list", "has no file yet that could be unchanged"))
            stated = refreshed(brought_list(profile, designation, at), before, entries_changed=False)
            await state_list(connection, stated, at, IN_TURN)
            await connection.execute(STILL, *own, refresh_id, at, msgspec.to_builtins(by.actor), stated.version)
            refresh = await _one(connection, refresh_id, profile.id)
        assert refresh is not None
        return refresh

    async def decide(self, decided: Decided) -> Refresh:
        """Has a held file taken or declined; raises NoSuchRecord, InvalidRefresh where it does not wait."""
        agency_id = decided.profile.id
        async with self._pool.acquire() as connection, connection.transaction():
            waiting = await _one(connection, decided.refresh_id, agency_id)
            if waiting is None:
                raise NoSuchRecord(decided.refresh_id)
            before = await list_in_force(connection, agency_id, waiting.list_id)
            waiting = await _one(connection, decided.refresh_id, agency_id)
            designation = brought_lists(decided.profile).get(waiting.list_id) if waiting else None
            if waiting is None or waiting.state != "held" or designation is None:
                raise InvalidRefresh(Missing("refresh", "does not wait for a decision"))
            counts, version = waiting.counts, waiting.version
            if decided.agreed:
                lines = ListLines(connection, agency_id, waiting.list_id)
                await lines.take_up(waiting.id)
                counts = Counts(counts.accepted, counts.rejected, *await lines.replace(decided.at))
                stated = brought_list(decided.profile, designation, min(waiting.as_of, decided.at))
                stated = refreshed(stated, before, entries_changed=True)
                await state_list(connection, stated, decided.at, IN_TURN)
                version = stated.version
            await connection.execute("DELETE FROM held_lines WHERE refresh_id = $1", waiting.id)
            await connection.execute(
                """
                UPDATE list_refreshes SET state = $2, version = $3, added = $4, changed = $5, removed = $6,
                       decided_by = $7, decided_at = $8, statement = $9 WHERE id = $1
                """,
                *(waiting.id, "replaced" if decided.agreed else "declined", version),
                *(counts.added, counts.changed, counts.removed),
                *(msgspec.to_builtins(decided.by.actor), decided.at, decided.statement),
            )
            refresh = await _one(connection, waiting.id, agency_id)
        assert refresh is not None
        return refresh

    async def one(self, refresh_id: uuid.UUID, agency_id: str) -> Refresh | None:
        """A file of this agency."""
        async with self._pool.acquire() as connection:
            return await _one(connection, refresh_id, agency_id)

    async def kept(self, agency_id: str, list_ids: frozenset[str]) -> dict[str, Kept]:
        """What is known of these lists."""
        async with self._pool.acquire() as connection:
            return {one: await _kept(connection, agency_id, one) for one in sorted(list_ids)}

    async def restate(self, agency_id: str, change: Callable[[HotList], HotList]) -> None:
        """States anew those of the agency's lists from files of which something else is to be said."""
        rows = await self._pool.fetch("SELECT DISTINCT list_id FROM list_refreshes WHERE agency_id = $1", agency_id)
        for row in rows:
            async with self._pool.acquire() as connection, connection.transaction():
                before = await list_in_force(connection, agency_id, row["list_id"])
                if before is not None and (stated := change(before)) != before:
                    now = await connection.fetchval("SELECT now()")
                    await state_list(connection, stated, now, IN_TURN)


async def _standing(connection: asyncpg.Connection, agency_id: str, list_id: str) -> Standing | None:
    row = await connection.fetchrow(
        """
        SELECT as_of, sha256, reading,
               (SELECT count(*) FROM listed_records WHERE agency_id = $1 AND list_id = $2) AS entries
          FROM list_refreshes WHERE agency_id = $1 AND list_id = $2 AND state IN ('replaced', 'unchanged')
         ORDER BY coalesce(decided_at, came_at) DESC LIMIT 1
        """,
        *(agency_id, list_id),
    )
    return None if row is None else Standing(**row)


async def _same_file(connection: asyncpg.Connection, brought: Brought) -> Refresh | None:
    """The same file, where it waits for a decision already, or was declined when it came last."""
    designated = brought.designated
    row = await connection.fetchrow(
        "SELECT * FROM list_refreshes WHERE agency_id = $1 AND list_id = $2 AND sha256 = $3 AND reading = $4"
        " ORDER BY came_at DESC LIMIT 1",
        *(designated.agency_id, designated.list_id, brought.file.sha256, designated.reading),
    )
    return _refresh(row) if row is not None and row["state"] in ("held", "declined") else None


async def _state(
    connection: asyncpg.Connection, brought: Brought, judgement: Judgement, before: HotList | None, counts: Counts
) -> int | None:
    """States the list after a file that it has, or has still; returns the version that it is at then."""
    if judgement.verdict not in ("replaced", "unchanged"):
        return None
    stated = brought_list(brought.profile, brought.designation, min(brought.file.as_of, brought.at))
    changed = bool(counts.added or counts.changed or counts.removed)
    stated = refreshed(stated, before, entries_changed=changed)
    await state_list(connection, stated, brought.at, IN_TURN)
    return stated.version


async def _end_waiting(connection: asyncpg.Connection, agency_id: str, list_id: str) -> None:
    """What waited for a decision is overtaken by a newer file."""
    rows = await connection.fetch(
        "UPDATE list_refreshes SET state = 'superseded' WHERE agency_id = $1 AND list_id = $2 AND state = 'held'"
        " RETURNING id",
        *(agency_id, list_id),
    )
    await connection.execute("DELETE FROM held_lines WHERE refresh_id = ANY($1)", [row["id"] for row in rows])


async def _add(
    connection: asyncpg.Connection,
    refresh_id: uuid.UUID,
    brought: Brought,
    judgement: Judgement,
    version: int | None,
    counts: Counts,
) -> None:
    designated, file = brought.designated, brought.file
    values: dict[str, Any] = {
        "id": refresh_id,
        "agency_id": designated.agency_id,
        "list_id": designated.list_id,
        "way": file.way,
        "brought_by": msgspec.to_builtins(brought.by.actor),
        "came_at": brought.at,
        "as_of": file.as_of,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "reading": designated.reading,
        "state": judgement.verdict,
        "why": judgement.why,
        "version": version,
        "case_number": file.case_number,
    } | {name: getattr(counts, name) for name in COUNTS}
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    await connection.execute(
        f"INSERT INTO list_refreshes ({', '.join(values)}) VALUES ({places})",  # noqa: S608
        *values.values(),
    )


async def _one(connection: asyncpg.Connection, refresh_id: uuid.UUID, agency_id: str) -> Refresh | None:
    row = await connection.fetchrow(
        "SELECT * FROM list_refreshes WHERE id = $1 AND agency_id = $2", refresh_id, agency_id
    )
    return None if row is None else _refresh(row)


async def _kept(connection: asyncpg.Connection, agency_id: str, list_id: str) -> Kept:
    own = (agency_id, list_id)
    document = await connection.fetchval(
        "SELECT document FROM hot_list_versions WHERE agency_id = $1 AND list_id = $2 AND until_at IS NULL", *own
    )
    entries = await connection.fetchval(
        "SELECT count(*) FROM listed_records WHERE agency_id = $1 AND list_id = $2", *own
    )
    refreshes = await connection.fetch(
        "SELECT * FROM list_refreshes WHERE agency_id = $1 AND list_id = $2 ORDER BY came_at DESC LIMIT $3",
        *(*own, REFRESHES_SHOWN),
    )
    looked_into = next((row["id"] for row in refreshes if row["accepted"] or row["rejected"]), None)
    rejected = await connection.fetch(
        "SELECT line, field, rule FROM rejected_lines WHERE refresh_id = $1 ORDER BY line", looked_into
    )
    pull = await connection.fetchrow(
        "SELECT asked_at, problem FROM list_pulls WHERE agency_id = $1 AND list_id = $2", *own
    )
    return Kept(
        hot_list=None if document is None else msgspec.convert(document, HotList),
        entries=entries,
        refreshes=tuple(_refresh(row) for row in refreshes),
        rejected=tuple(RejectedLine(**row) for row in rejected),
        asked_at=pull["asked_at"] if pull else None,
        problem=pull["problem"] if pull else None,
    )


def _refresh(row: asyncpg.Record) -> Refresh:
    kept = {name: value for name, value in row.items() if name not in (*COUNTS, "reading")}
    decided_by = kept["decided_by"]
    return Refresh(
        **kept
        | {
            "brought_by": msgspec.convert(kept["brought_by"], Actor),
            "decided_by": None if decided_by is None else msgspec.convert(decided_by, Actor),
            "counts": Counts(**{name: row[name] for name in COUNTS}),
        }
    )
