"""Finding reads in PostgreSQL: the same as looking at every read, and never without owners."""

import random
import re
import uuid
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec
import pytest
from pydantic import SecretStr

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.questions import VehicleAsked
from plateward.contracts.reads import PlateRead, VehicleDescription
from plateward.kernel.clock import now
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.plates.confusion import match_key
from plateward.plates.parts import parse_pattern
from services.gateway.adapters.stores.read_finder import FIND, PostgresReads, arguments
from services.gateway.searching.area import Box, Circle
from services.gateway.searching.found import Places
from services.gateway.searching.question import Question
from services.gateway.searching.scopes import ALL_SHOWN, Scope, whole
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.read_store import ReadStore
from tests.support.gateway_at_work import ROLE_PASSWORDS, dsn_of
from tests.unit.plates.test_parts import grams_of
from tests.unit.retention.events import a_read

AT = now()
EVERYWHERE = Places(None, None)
OURS = ("flagstaff", "stockton")
TERMS = (1, 7, 21, 30, 365, 730)


def some_reads() -> list[PlateRead]:
    """Reads of three agencies over three weeks, kept for all kinds of terms; the same each time."""
    draw = random.Random(20260301)
    reads = []
    for number in range(900):
        captured_at = AT - timedelta(minutes=draw.uniform(0, 30_000))
        expires_on = captured_at.date() + timedelta(days=draw.choice(TERMS))
        plate = "".join(draw.choice("ABO081I7X") for _ in range(draw.randint(4, 7)))
        reads.append(
            a_read(
                id=uuid.UUID(int=draw.getrandbits(128)),
                agency_id=draw.choice((*OURS, "barstow")),
                captured_at=captured_at,
                expires_on=expires_on,
                plate=plate,
                camera_id=f"camera-{number % 7}",
                place=CameraPlace(name="x", latitude=35 + number % 7 * 0.01, longitude=-111.6),
                state=draw.choice(("AZ", "CA", None)),
                vehicle=draw.choice((None, VehicleDescription(make="Honda", colour="silver"))),
            )
        )
    return reads


READS = some_reads()


@pytest.fixture(scope="module")
async def store(database: str) -> AsyncIterator[asyncpg.Pool]:
    """The retention service's own connections, to a database with the reads."""
    await migrate(database, service_schemas(ROLE_PASSWORDS))
    dsn = SecretStr(dsn_of("retention", database))
    async with database_pool(DatabaseSettings(dsn=dsn, connections=2), schema="retention") as pool:
        await PartitionStore(pool).ensure("reads", {read.expires_on for read in READS})
        await ReadStore(pool).add(READS)
        yield pool


@pytest.fixture(scope="module")
async def gateway(store: asyncpg.Pool, database: str) -> AsyncIterator[asyncpg.Pool]:
    dsn = SecretStr(dsn_of("gateway", database))
    async with database_pool(DatabaseSettings(dsn=dsn, connections=2), schema="gateway") as pool:
        yield pool


def looked_through(question: Question, places: Places = EVERYWHERE) -> list[uuid.UUID]:
    """What answers, found by looking at every read."""

    def answers(read: PlateRead) -> bool:
        pattern, vehicle = question.pattern, read.vehicle or VehicleDescription()
        box = places.box
        return (
            read.agency_id in OURS
            and read.expires_on > now().date()
            and question.captured_from <= read.captured_at < question.captured_until
            and (pattern is None or pattern.folded.matches(match_key(read.plate)))
            and (pattern is None or question.spelling == "confusable" or pattern.matches(read.plate))
            and question.state in (None, read.state)
            and (question.vehicle.make or "honda").casefold() == (vehicle.make or "honda").casefold()
            and (question.vehicle.make is None or vehicle.make is not None)
            and (places.cameras is None or read.camera_id in places.cameras)
            and (box is None or box.south <= read.place.latitude <= box.north)
        )

    found = sorted((read for read in READS if answers(read)), key=lambda one: (one.captured_at, one.id), reverse=True)
    return [read.id for read in found]


def asked(plate: str | None = None, days: float = 40, **more: object) -> Question:
    question = Question(captured_from=AT - timedelta(days=days), captured_until=AT + timedelta(minutes=1))
    spelt = None if plate is None else parse_pattern(plate).text
    return msgspec.structs.replace(question, plate=spelt, **more)


QUESTIONS = [
    *(asked(plate) for plate in ("ABO081I", "7X*", "AB0*", "*B0*", "*88*", "??7*", "A?8*1", "7?B*X", "*0?1*", "?8O*")),
    asked("A*8", 3),
    asked("*1*1", 0.5),
    asked("*7X*", spelling="exact"),
    asked("*O8*", spelling="exact", state="AZ"),
    asked("A*", state="CA", vehicle=VehicleAsked(make="HONDA")),
    asked(days=2, vehicle=VehicleAsked(make="honda")),
    asked(days=2.5),
]


@pytest.mark.clause("F12")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: f"{one.plate} {one.spelling} {one.state or ''}")
async def test_a_search_finds_what_looking_at_every_read_finds_page_by_page(
    gateway: asyncpg.Pool, question: Question
) -> None:
    expected, pages, after = looked_through(question), list[uuid.UUID](), None
    finder = PostgresReads(gateway)
    while True:
        found = await finder.find(question, EVERYWHERE, whole(OURS), after=after, limit=7)
        pages += [read.id for read in found.reads]
        assert all(read.agency_id in OURS for read in found.reads)
        if found.next_after is None:
            break
        after = found.next_after
    assert pages == expected


def some_scopes(draw: random.Random) -> tuple[Scope, ...]:
    """Grants of all kinds, as agreements make them."""
    return tuple(
        Scope(
            draw.choice((*OURS, "barstow")),
            shows=frozenset(one for one in ALL_SHOWN if draw.random() < 0.5),
            cameras=draw.choice((None, None, ("camera-1", "camera-4"), ("camera-2",))),
            area=draw.choice((None, None, Circle(latitude=35.0, longitude=-111.6, radius_m=2500.0))),
            since=draw.choice((None, AT - timedelta(days=2), AT - timedelta(days=9))),
        )
        for _ in range(draw.randint(1, 5))
    )


@pytest.mark.clause("F13")
@pytest.mark.parametrize("seed", range(12))
async def test_nothing_is_found_that_no_scope_holds_nor_shown_that_none_of_them_shows(
    gateway: asyncpg.Pool, seed: int
) -> None:
    scopes = some_scopes(random.Random(seed))

    def shown(read: PlateRead) -> set[str]:
        holding = [
            scope
            for scope in scopes
            if scope.owner == read.agency_id
            and (scope.cameras is None or read.camera_id in scope.cameras)
            and (scope.area is None or scope.area.contains(read.place.latitude, read.place.longitude))
            and (scope.since is None or read.captured_at >= scope.since)
        ]
        return {"the read"}.union(*(scope.shows for scope in holding)) if holding else set()

    kept = [read for read in READS if read.expires_on > now().date() and read.captured_at >= AT - timedelta(days=20)]
    found = await PostgresReads(gateway).find(asked(days=20), EVERYWHERE, scopes, after=None, limit=1000)
    assert {read.id for read in found.reads} == {read.id for read in kept if shown(read)}
    by_id = {read.id: read for read in kept}
    for read in found.reads:
        there, sees = by_id[read.id], shown(by_id[read.id])
        assert read.state == (there.state if "state" in sees else None)
        assert read.make == (there.vehicle.make if there.vehicle and "vehicle" in sees else None)
        assert read.has_plate_picture == (there.images is not None and "pictures" in sees)
        key = await PostgresReads(gateway).image_key(read.id, read.expires_on, "plate", scopes)
        assert (key is not None) == ("pictures" in sees)


@pytest.mark.clause("B6")
@pytest.mark.clause("L3")
async def test_a_canvass_finds_what_the_cameras_of_a_place_saw_around_a_time(gateway: asyncpg.Pool) -> None:
    places = Places(("camera-1", "camera-2"), Box(south=35.005, north=35.015, west=-112, east=-111))
    question = asked(days=3)
    found = await PostgresReads(gateway).find(question, places, whole(OURS), after=None, limit=500)
    assert [read.id for read in found.reads] == looked_through(question, places)
    assert {read.camera_id for read in found.reads} == {"camera-1"}, "the box leaves the other out"


async def test_the_days_of_an_answer_are_noted_with_the_rows_whoever_writes_them(store: asyncpg.Pool) -> None:
    """A term that is missing would hide reads: so it is no business of the program that inserts."""
    read = a_read(agency_id="kentucky", captured_at=AT, expires_on=AT.date() + timedelta(days=13))
    await PartitionStore(store).ensure("reads", [read.expires_on, read.expires_on + timedelta(days=90)])
    async with store.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            """
            INSERT INTO reads (id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, captured_at, plate,
                               match_key, confidence, source, expires_on)
            VALUES ($1, $1, 'kentucky', 'c', 'c', 0, 0, $2, 'TERM1', 'TERM1', 1, 's', $3)
            """,
            *(read.id, read.captured_at, read.expires_on),
        )
        await transaction.rollback()
    assert await terms(store, "kentucky") == set(), "a row that is not there has no term"
    await ReadStore(store).add([msgspec.structs.replace(read, plate="TERM1")])
    assert await terms(store, "kentucky") == {13}
    await store.execute("UPDATE reads SET expires_on = expires_on + 90 WHERE id = $1", read.id)
    assert await terms(store, "kentucky") == {13, 103}
    values = arguments(asked("TERM1"), EVERYWHERE, whole(["kentucky"]), None, 10)
    assert [row["id"] for row in await store.fetch(FIND, *values)] == [read.id]


async def test_every_read_that_is_kept_lies_within_the_days_that_a_search_opens(store: asyncpg.Pool) -> None:
    rows = await store.fetch(
        """
        SELECT expires_on <@ expiry_spans(ARRAY[agency_id], captured_at, captured_at) AS opened FROM reads
         WHERE expires_on > (now() AT TIME ZONE 'UTC')::date
        """
    )
    assert len(rows) > 500
    assert all(row["opened"] for row in rows)


async def terms(store: asyncpg.Pool, agency: str) -> set[int]:
    return {days for (days,) in await store.fetch("SELECT days FROM kept_terms WHERE agency_id = $1", agency)}


async def test_a_search_opens_no_other_days(store: asyncpg.Pool) -> None:
    spans = await store.fetchval(
        "SELECT expiry_spans($1, $2, $3)", ["flagstaff"], AT - timedelta(days=1), AT - timedelta(hours=1)
    )
    days = {span.lower + timedelta(days=later) for span in spans for later in range((span.upper - span.lower).days)}
    captured = {(AT - timedelta(days=1)).date(), (AT - timedelta(hours=1)).date()}
    within: set[date] = {day + timedelta(days=term) for day in captured for term in TERMS}
    assert days <= within


@pytest.mark.parametrize("key", ["7", "78X1", "A80123", "X" * 12])
async def test_the_index_has_the_grams_that_patterns_ask_for(store: asyncpg.Pool, key: str) -> None:
    in_sql = set(await store.fetchval("SELECT plate_grams($1)", key))
    assert grams_of(key) <= in_sql
    assert in_sql - grams_of(key) <= {key[-1]}


async def test_the_role_of_the_gateway_sees_no_read_without_a_scope(gateway: asyncpg.Pool) -> None:
    assert await gateway.fetchval("SELECT count(*) FROM retention.searchable_reads") == 0
    for table in ("reads", "read_documents", f"reads_{READS[0].expires_on:%Y%m%d}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await gateway.fetch(f"SELECT FROM retention.{table}")
    async with gateway.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL plateward.owners = 'stockton'")
        owners = await connection.fetch("SELECT DISTINCT agency_id FROM retention.searchable_reads")
        assert {owner for (owner,) in owners} == {"stockton"}
    assert await gateway.fetchval("SELECT count(*) FROM retention.searchable_reads") == 0, "the scope has ended"
    values = arguments(asked("A*"), EVERYWHERE, (), None, 10)
    assert await gateway.fetch(FIND, *values) == []


async def test_a_role_that_was_granted_the_table_still_meets_the_fence(store: asyncpg.Pool, database: str) -> None:
    role = f"curious_{uuid.uuid4().hex[:8]}"
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(f"CREATE ROLE {role}; GRANT USAGE ON SCHEMA retention TO {role}")
        await connection.execute(
            f"GRANT SELECT ON retention.reads, retention.read_documents TO {role}; SET ROLE {role}"
        )
        assert await connection.fetchval("SELECT count(*) FROM retention.reads") == 0
        assert await connection.fetchval("SELECT count(*) FROM retention.read_documents") == 0
        await connection.execute("SET plateward.owners = 'flagstaff'")
        owners = await connection.fetch("SELECT DISTINCT agency_id FROM retention.reads")
        assert {owner for (owner,) in owners} == {"flagstaff"}
        assert await connection.fetchval("SELECT count(*) FROM retention.read_documents") == 0
    finally:
        await connection.execute(f"RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")
        await connection.close()


NAMED = {
    "searchable_reads",
    "explainable_reads",
    "find_reads",
    "find_pictures",
    "searchable_hits",
    "purge_certificates",
    "holds_stand",
    "counts_of",
    "last_purge",
    "evidence_due",
}
"""What the gateway may name of retention's schema."""


def test_no_query_of_the_gateway_looks_at_reads_without_naming_owners() -> None:
    """Each statement on the view names the agencies; the function takes them first; nothing else of it is touched."""
    sources = {file: file.read_text(encoding="utf-8") for file in Path("services/gateway").rglob("*.py")}
    found = 0
    for file, source in sources.items():
        for statement in re.findall(r'"""(.*?)"""', source, re.DOTALL):
            if re.search(r"FROM\s+retention\.(searchable|explainable)_reads", statement):
                found += 1
                assert re.search(r"agency_id = (ANY\(\$1\)|\$1\b)", statement), file
        for name in re.findall(r"(?:FROM|JOIN|INTO|UPDATE)\s+retention\.(\w+)", source):
            assert name in NAMED, file
    assert found >= 2
    assert "retention.find_reads(\n    $1" in FIND


def test_no_statement_of_the_gateway_leaves_anything_on_its_connection() -> None:
    """Its connections come back to the pool as they are: a scope or a lock would be the next request's."""
    lasting = re.compile(
        r"pg_(try_)?advisory_lock(_shared)?\(|set_config\([^)]*false\)|\bSET (SESSION|ROLE)\b|\bWITH HOLD\b"
    )
    sources = {file: file.read_text(encoding="utf-8") for file in Path("services/gateway").rglob("*.py")}
    assert "pg_advisory_xact_lock(" in "".join(sources.values())
    assert [file for file, source in sources.items() if lasting.search(source)] == []


def test_the_questions_of_this_file_have_answers() -> None:
    assert sum(bool(looked_through(question)) for question in QUESTIONS) >= len(QUESTIONS) - 1
    assert isinstance(AT, datetime)
