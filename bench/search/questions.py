"""What is asked: of plates that were seen, the same for a seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.search.reads import DAYS
from plateward.plates.confusion import match_key
from plateward.plates.parts import PlatePattern
from services.gateway.searching.area import Circle
from services.gateway.searching.found import Places
from services.gateway.searching.question import Question

COLUMNS = (
    "id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, expires_on, plate, "
    "confidence, below_threshold, state, make, model, colour, kind, "
    "plate_image IS NOT NULL AS has_plate_picture, scene_image IS NOT NULL AS has_scene_picture"
)
"""What `find_reads` gives of a read."""

SEED = 20260301
CANVASSED = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its cameras found."""

    question: Question
    places: Places


PARTS: dict[str, Callable[[str], str]] = {
    "exact": lambda plate: plate,
    "prefix": lambda plate: f"{plate[:3]}*",
    "infix": lambda plate: f"*{plate[2:5]}*",
    "wildcard": lambda plate: f"{plate[0]}?{plate[2]}*{plate[-1]}",
}
"""How much of a plate each kind of question knows; the wildcard is of the kind 7?B*2."""


def questions(
    plates: list[str], cameras: list[tuple[str, float, float]], begin: datetime, end: datetime, each: int
) -> dict[str, list[Asked]]:
    """So many questions of each kind, over the whole time; a canvass is of two hours of the month around one place."""
    draw = random.Random(SEED)
    asked = {
        kind: [_of_plate(part(draw.choice(plates)), begin, end) for _ in range(each)] for kind, part in PARTS.items()
    }
    return asked | {"canvass": [_canvass(draw, cameras, end - timedelta(days=DAYS), end) for _ in range(each)]}


def _of_plate(plate: str, begin: datetime, end: datetime) -> Asked:
    return Asked(Question(captured_from=begin, captured_until=end, plate=plate), Places(None, None))


def _canvass(draw: random.Random, cameras: list[tuple[str, float, float]], begin: datetime, end: datetime) -> Asked:
    _, latitude, longitude = draw.choice(cameras)
    area = Circle(latitude=latitude, longitude=longitude, radius_m=12_000)
    near = tuple(camera for camera, north, east in cameras if area.contains(north, east))
    since = begin + draw.random() * (end - begin - CANVASSED)
    question = Question(captured_from=since, captured_until=since + CANVASSED, area=area)
    return Asked(question, Places(near, area.box))


def as_duckdb(asked: Asked, owners: tuple[str, ...], columns: str, parquet: str, limit: int) -> str:
    """The same question to the Parquet file."""
    question = asked.question
    wanted = [
        f"agency_id IN ({_list(owners)})",
        f"captured_at >= TIMESTAMPTZ '{question.captured_from.isoformat()}'",
        f"captured_at < TIMESTAMPTZ '{question.captured_until.isoformat()}'",
    ]
    if question.plate is not None:
        wanted.append(f"match_key LIKE '{PlatePattern(match_key(question.plate)).like}'")
    if asked.places.cameras is not None:
        wanted.append(f"camera_id IN ({_list(asked.places.cameras)})")
    where = " AND ".join(wanted)
    return f"SELECT {columns} FROM '{parquet}' WHERE {where} ORDER BY captured_at DESC, id DESC LIMIT {limit}"


def _list(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
