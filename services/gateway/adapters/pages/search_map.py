"""Where and when reads were taken, drawn: a map of their cameras and a line of their times, as plain SVG. Pure."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from services.gateway.searching.area import Area, Circle, Polygon
from services.gateway.searching.found import FoundRead

WIDTH, HEIGHT, MARGIN = 480.0, 300.0, 34.0
SMALLEST_DEGREES = 0.01
"""A map of one camera shows about a kilometre around it."""

SCALE_METRES = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class CameraMark:
    """A camera on the map: its place in the drawing, which way it looks, and how many of the reads are its own."""

    name: str
    x: float
    y: float
    bearing_deg: float | None
    reads: int

    @property
    def radius(self) -> float:
        """The size of its dot: its area grows with its reads."""
        return round(5 + 2.2 * math.sqrt(min(self.reads, 60)), 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A read on the line of time, as a share of its length."""

    x: float
    read: FoundRead


@dataclass(frozen=True, slots=True)
class Ground:
    """The drawing of a page of reads."""

    cameras: tuple[CameraMark, ...]
    ticks: tuple[Tick, ...]
    first: datetime
    last: datetime
    outline: str
    """The area asked for as an SVG path; empty where none was."""
    scale_px: float
    scale_words: str


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    north: float
    shrink: float
    per_degree: float
    left: float
    top: float

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.shrink * self.per_degree
        return round(x, 1), round(self.top + (self.north - latitude) * self.per_degree, 1)


def ground(reads: tuple[FoundRead, ...], area: Area | None) -> Ground | None:
    """The drawing; None where nothing was found."""
    if not reads:
        return None
    frame = _frame(reads, area)
    counts = Counter(
        (read.camera_id, read.camera_name, read.latitude, read.longitude, read.bearing_deg) for read in reads
    )
    marks = tuple(
        CameraMark(name, *frame.place(latitude, longitude), bearing, count)
        for (_, name, latitude, longitude, bearing), count in counts.items()
    )
    first, last = min(read.captured_at for read in reads), max(read.captured_at for read in reads)
    span = (last - first).total_seconds() or 1.0
    ticks = tuple(Tick(round((read.captured_at - first).total_seconds() / span * 100, 2), read) for read in reads)
    metres = _scale(frame)
    return Ground(
        cameras=marks,
        ticks=ticks,
        first=first,
        last=last,
        outline=_outline(frame, area),
        scale_px=round(metres / 111_195 * frame.per_degree, 1),
        scale_words=f"{metres} m" if metres < 1000 else f"{metres // 1000} km",
    )


def _frame(reads: tuple[FoundRead, ...], area: Area | None) -> _Frame:
    latitudes = [read.latitude for read in reads] + ([area.box.south, area.box.north] if area else [])
    longitudes = [read.longitude for read in reads] + ([area.box.west, area.box.east] if area else [])
    middle = ((min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2)
    shrink = max(math.cos(math.radians(middle[0])), 0.01)
    tall = max(max(latitudes) - min(latitudes), SMALLEST_DEGREES)
    wide = max((max(longitudes) - min(longitudes)) * shrink, SMALLEST_DEGREES)
    per_degree = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / tall)
    return _Frame(middle[1], middle[0], shrink, per_degree, WIDTH / 2, HEIGHT / 2)


def _scale(frame: _Frame) -> int:
    """The longest round distance that is shorter than a third of the map."""
    metres_of_third = WIDTH / 3 / frame.per_degree * 111_195
    return max((one for one in SCALE_METRES if one <= metres_of_third), default=SCALE_METRES[0])


def _outline(frame: _Frame, area: Area | None) -> str:
    match area:
        case Circle():
            x, y = frame.place(area.latitude, area.longitude)
            radius = round(area.radius_m / 111_195 * frame.per_degree, 1)
            return f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z"
        case Polygon():
            points = [frame.place(latitude, longitude) for latitude, longitude in area.corners]
            return "M" + "L".join(f"{x} {y}" for x, y in points) + "z"
    return ""
