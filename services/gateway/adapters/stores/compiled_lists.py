"""Compiled lists in PostgreSQL: their definitions, the plates of their sources, their entries, and the loop."""

import asyncio
import uuid
from collections import Counter
from datetime import datetime, timedelta

import asyncpg
import msgspec
import structlog

from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList, ListDesignation
from plateward.kernel.pauses import pause
from plateward.kernel.status import Status
from plateward.plates.confusion import match_key
from plateward.plates.patterns import is_partial
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from services.gateway.access import NotRecorded
from services.gateway.adapters.stores.hot_list import put_list, taken_off, tell_entry
from services.gateway.adapters.stores.read_finder import PostgresReads
from services.gateway.compiling.compiling import CompiledLists
from services.gateway.compiling.definition import Change, Definition, Listed, OnList, Plates, SeenBy, Source
from services.gateway.list_sources.designated import COMPILED
from services.gateway.searching.found import Places
from services.gateway.searching.question import Question
from services.gateway.searching.scopes import whole

RUN_EVERY_SECONDS = 60.0
PAGE, READS_AT_MOST = 1000, 50_000
"""A source of reads is looked through so far back from the newest; what lies before is left out, and logged."""

RUN_LOCK = 0x434F4D50
"""Who holds it runs the schedule; others leave it to them."""

log = structlog.get_logger()


class PostgresDefinitions:
    """The tables `compiled_lists` and `compiled_runs`, and the entries that runs have made."""

    def __init__(self, pool: asyncpg.Pool, policies: PolicyCatalogue) -> None:
        self._pool, self._policies = pool, policies

    async def put(self, definition: Definition) -> None:
        """Keeps a definition as it is now."""
        async with self._pool.acquire() as connection:
            await _put(connection, definition)

    async def of_agency(self, agency_id: str) -> list[Definition]:
        """The agency's definitions, newest first."""
        rows = await self._pool.fetch(
            "SELECT document FROM compiled_lists WHERE agency_id = $1 ORDER BY asked_at DESC LIMIT 200", agency_id
        )
        return [msgspec.convert(row["document"], Definition) for row in rows]

    async def one(self, definition_id: uuid.UUID, agency_id: str) -> Definition | None:
        """A definition of the agency."""
        document = await self._pool.fetchval(
            "SELECT document FROM compiled_lists WHERE id = $1 AND agency_id = $2", definition_id, agency_id
        )
        return None if document is None else msgspec.convert(document, Definition)

    async def all(self) -> list[Definition]:
        """The definitions of all agencies."""
        rows = await self._pool.fetch("SELECT document FROM compiled_lists")
        return [msgspec.convert(row["document"], Definition) for row in rows]

    async def listed(self, definition: Definition) -> dict[str, Listed]:
        """The entries that its runs have made and that are on the list, by match key."""
        rows = await self._pool.fetch(
            "SELECT id, expires_at, document ->> 'plate' AS plate FROM hot_list_entries"
            " WHERE compiled_by = $1 AND removed_at IS NULL",
            definition.id,
        )
        return {match_key(row["plate"]): Listed(row["id"], row["expires_at"]) for row in rows}

    async def made(self, definition: Definition, made: Change, at: datetime) -> None:
        """Changes the list as a run has found it, states it once as fresh, and keeps what was changed, or nothing."""
        profile = self._policies[definition.agency_id]
        new, gone = len(made.new), len(made.gone)
        async with self._pool.acquire() as connection, connection.transaction():
            await _put(connection, definition)
            version = await put_list(
                connection,
                definition.agency_id,
                definition.list_id,
                lambda before: compiled_list(profile, definition.list_id, before, at, changed=bool(new or gone)),
            )
            for entry_id in made.gone:
                await taken_off(connection, entry_id, definition.agency_id, f"compiled list {definition.name}", at)
            for entry in made.new:
                await _add(connection, definition, entry)
            await connection.execute(
                "INSERT INTO compiled_runs (definition_id, ran_at, list_version, added, removed, kept)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                *(definition.id, at, version, new, gone, made.kept),
            )


def compiled_list(
    profile: AgencyProfile, list_id: str, before: HotList | None, at: datetime, *, changed: bool
) -> HotList:
    """The list as it is stated with each run, which is its refresh, and a new version where entries have changed."""
    rules = profile.hot_lists
    designated = [one for one in rules.designations if one.list == list_id]
    return HotList(
        agency_id=profile.id,
        list_id=list_id,
        name=f"Compiled list of {profile.name}",
        source=COMPILED,
        version=1 if before is None else before.version + changed,
        refreshed_at=at,
        designations=tuple(ListDesignation(source=one.source, categories=one.categories) for one in designated),
        fresh_for_hours=rules.fresh_for_hours,
        grade="informational",
    )


class PostgresComparedSources:
    """The versions of entries that are in force, and the reads that the retention service keeps."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool, self._reads = pool, PostgresReads(pool)

    async def plates(self, agency_id: str, source: Source, at: datetime) -> Plates:
        """The plates of a source of the agency, by match key."""
        if isinstance(source, OnList):
            return await self._on_list(agency_id, source, at)
        return await self._seen(agency_id, source, at)

    async def _on_list(self, agency_id: str, source: OnList, at: datetime) -> Plates:
        rows = await self._pool.fetch(
            """
            SELECT document FROM entry_versions
             WHERE until_at IS NULL AND document ->> 'agency_id' = $1 AND document ->> 'list_id' = $2
            """,
            *(agency_id, source.list_id),
        )
        entries = [msgspec.convert(row["document"], HotListEntry) for row in rows]
        return {
            match_key(one.plate): one.plate
            for one in entries
            if not is_partial(one.plate)
            and (not source.categories or one.category in source.categories)
            and one.suspended_at is None
            and not one.awaits_approval
            and one.expires_at > at
        }

    async def _seen(self, agency_id: str, source: SeenBy, at: datetime) -> Plates:
        since = at - timedelta(hours=source.hours_back)
        question = Question(captured_from=since, captured_until=at, vehicle=source.vehicle, cameras=source.cameras)
        places, after, seen = Places(source.cameras or None, None), None, list[str]()
        while len(seen) < READS_AT_MOST:
            found = await self._reads.find(question, places, whole((agency_id,)), after=after, limit=PAGE)
            seen += [read.plate for read in found.reads]
            after = found.next_after
            if after is None:
                break
        else:
            log.warning("compiled.reads_left_out", agency=agency_id, looked_through=len(seen))
        counted = Counter(match_key(plate) for plate in seen)
        return {match_key(plate): plate for plate in seen if counted[match_key(plate)] >= source.at_least}


class CompilingLoop:
    """Makes what is due, every minute, in one process of however many there are."""

    def __init__(self, lists: CompiledLists, pool: asyncpg.Pool, status: Status) -> None:
        self._lists, self._pool, self._status = lists, pool, status

    async def run(self, stopping: asyncio.Event) -> None:
        """Runs until told to stop."""
        while not stopping.is_set():
            self._status.beat("compiling lists")
            async with self._pool.acquire() as connection, connection.transaction():
                if await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", RUN_LOCK):
                    try:
                        await self._lists.run_due()
                    except NotRecorded:  # what is due stays due
                        log.warning("compiled.waits_for_access_log")
            await pause(stopping, RUN_EVERY_SECONDS)


async def _put(connection: asyncpg.Connection, definition: Definition) -> None:
    await connection.execute(
        """
        INSERT INTO compiled_lists (id, agency_id, asked_at, document) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET document = excluded.document
        """,
        *(definition.id, definition.agency_id, definition.asked_at, msgspec.to_builtins(definition)),
    )


async def _add(connection: asyncpg.Connection, definition: Definition, entry: HotListEntry) -> None:
    await connection.execute(
        """
        INSERT INTO hot_list_entries (id, agency_id, list_id, entered_at, expires_at, document, compiled_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        *(entry.id, entry.agency_id, entry.list_id, entry.entered_at, entry.expires_at),
        *(msgspec.to_builtins(entry), definition.id),
    )
    await tell_entry(connection, entry, f"entered {entry.version}", entry.entered_at)
