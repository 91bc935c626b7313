"""Finding reads where the retention service keeps them. No question goes without its scopes."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg

from plateward.contracts.reads import ImageKind
from services.gateway.searching.area import Area
from services.gateway.searching.found import Found, FoundRead, Grade, KnownPlace, Placement, Places
from services.gateway.searching.question import Position, Question
from services.gateway.searching.scopes import Scope, Shown

FIND = """
SELECT * FROM retention.find_reads(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
)
"""

# How long the newest slice of the time is: short where many reads answer, long where the index names the few.
WHOLE = timedelta(days=400)
OF_A_PREFIX, OF_GRAMS, OF_A_SCAN = timedelta(days=2), timedelta(days=1), timedelta(hours=2)

PREFIX_AT_LEAST = 3
"""From so many characters on, the plates in the order of the index are fewer than what grams find."""

GRAMS_FROM_KNOWN = 3
"""With fewer characters known, so many reads answer that the newest of them are found sooner without an index."""


class PostgresReads:
    """The functions `retention.find_reads` and `retention.find_pictures`, of another service's schema."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(
        self, question: Question, places: Places, scopes: tuple[Scope, ...], *, after: Position | None, limit: int
    ) -> Found:
        """The newest reads that answer, or those after a position."""
        rows = await self._pool.fetch(FIND, *arguments(question, places, scopes, after, limit + 1))
        grade = _grades(question)
        found = [FoundRead(**row, grade=grade(row["plate"])) for row in rows[:limit]]
        # A camera may have been moved, so a read counts by where it was taken.
        within = tuple(read for read in found if _is_within(question, read))
        return Found(within, found[-1].position if len(rows) > limit else None)

    async def image_key(
        self, read_id: uuid.UUID, expires_on: date, kind: ImageKind, scopes: tuple[Scope, ...]
    ) -> str | None:
        """The blob key of a read's picture."""
        row = await self._pool.fetchrow(
            "SELECT plate_image, scene_image FROM retention.find_pictures($1, $2, $3)",
            *(scopes_asked(scopes), read_id, expires_on),
        )
        return None if row is None else row["plate_image" if kind == "plate" else "scene_image"]

    async def placements(self, owners: tuple[str, ...]) -> list[Placement]:
        """Every place at which a camera of these agencies stands or stood."""
        return await all_placements(self._pool, owners)

    async def standing(self, owners: tuple[str, ...]) -> list[Placement]:
        """Where each camera of these agencies stands at present."""
        rows = await self._pool.fetch(
            """
            SELECT id, agency_id, (document #>> '{place,latitude}')::float8 AS latitude,
                   (document #>> '{place,longitude}')::float8 AS longitude
              FROM cameras WHERE agency_id = ANY($1)
            """,
            list(owners),
        )
        return [Placement(row["id"], row["agency_id"], row["latitude"], row["longitude"]) for row in rows]

    async def how_many_stand(self, owners: tuple[str, ...]) -> int:
        """How many cameras these agencies have at present."""
        counted: int = await self._pool.fetchval("SELECT count(*) FROM cameras WHERE agency_id = ANY($1)", list(owners))
        return counted

    async def cameras(self, owners: tuple[str, ...]) -> list[KnownPlace]:
        """The cameras of these agencies, by name."""
        rows = await self._pool.fetch(
            "SELECT id, document #>> '{place,name}' AS name FROM cameras WHERE agency_id = ANY($1) ORDER BY name, id",
            list(owners),
        )
        return [KnownPlace(row["id"], row["name"]) for row in rows]


async def all_placements(asked: asyncpg.Pool | asyncpg.Connection, owners: tuple[str, ...]) -> list[Placement]:
    """Every place at which a camera of these agencies stands or stood."""
    rows = await asked.fetch(
        """
        SELECT DISTINCT c.id, c.agency_id, (h.document #>> '{place,latitude}')::float8 AS latitude,
               (h.document #>> '{place,longitude}')::float8 AS longitude
          FROM camera_changes h JOIN cameras c ON c.id = h.camera_id WHERE c.agency_id = ANY($1)
        """,
        list(owners),
    )
    return [Placement(row["id"], row["agency_id"], row["latitude"], row["longitude"]) for row in rows]


def arguments(
    question: Question, places: Places, scopes: tuple[Scope, ...], after: Position | None, limit: int
) -> tuple[Any, ...]:
    """The question as `find_reads` takes it."""
    first_slice, key, key_like, grams = _lookup(question, places)
    pattern, vehicle, box = question.pattern, question.vehicle, places.box
    return (
        scopes_asked(scopes),
        question.captured_from,
        question.captured_until,
        limit,
        first_slice,
        after.captured_at if after else None,
        after.read_id if after else None,
        key,
        key_like,
        grams,
        pattern.like if pattern and question.spelling == "exact" else None,
        None if places.cameras is None else list(places.cameras),
        [box.south, box.north, box.west, box.east] if box else None,
        question.state,
        *(vehicle.make, vehicle.model, vehicle.colour, vehicle.kind),
    )


def scopes_asked(scopes: tuple[Scope, ...]) -> list[dict[str, Any]]:
    """The scopes as the functions take them, those that differ by owner and cameras only as one."""
    alike: dict[tuple[Any, ...], list[Scope]] = {}
    for scope in scopes:
        by_area = None if scope.area is None else (scope.owner, scope.area)
        alike.setdefault((scope.shows, scope.since, scope.cameras is None, by_area), []).append(scope)
    return [_asked(shows, since, area and area[1], each) for (shows, since, _, area), each in alike.items()]


def _asked(shows: frozenset[Shown], since: datetime | None, area: Area | None, each: list[Scope]) -> dict[str, Any]:
    cameras = [f"{scope.owner}\x1f{camera}" for scope in each for camera in scope.cameras or ()]
    corners = None if area is None else ",".join(f"({longitude},{latitude})" for latitude, longitude in area.outline)
    return {
        "owners": sorted({scope.owner for scope in each}),
        "cameras": None if each[0].cameras is None else cameras,
        "corners": None if corners is None else f"({corners})",
        "since": None if since is None else since.isoformat(),
        "shows": sorted(shows),
    }


def _lookup(question: Question, places: Places) -> tuple[timedelta, str | None, str | None, list[str]]:
    """The first slice, the match key, its pattern, and the grams."""
    if question.pattern is None:
        return (OF_A_SCAN if places.cameras is None else WHOLE), None, None, []
    folded = question.pattern.folded
    if folded.is_whole:
        return WHOLE, folded.text, None, []
    if places.cameras is not None:
        return OF_GRAMS, None, folded.like, []
    if len(folded.prefix) >= PREFIX_AT_LEAST:
        return OF_A_PREFIX, None, folded.like, []
    if folded.known >= GRAMS_FROM_KNOWN:
        return OF_GRAMS, None, folded.like, list(folded.grams())
    return OF_A_SCAN, None, folded.like, []


def _grades(question: Question) -> Callable[[str], Grade]:
    """How well a plate answers the question."""
    pattern = question.pattern
    if pattern is None:
        return lambda plate: "seen"
    return lambda plate: "exact" if pattern.matches(plate) else "confusable"


def _is_within(question: Question, read: FoundRead) -> bool:
    return question.area is None or question.area.contains(read.latitude, read.longitude)
