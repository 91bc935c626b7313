"""A plate's way through a camera's picture: where it was seen, where it goes, and whether it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from plateward.contracts.reads import Direction
from services.recognizer.engine import PlateFound

_GROWN = 1.25
"""A plate that is so many times as wide as at first has come nearer."""

_STANDS_WITHIN = 0.5
"""A plate that stands is no farther from its place than this share of its width."""

_STANDS_SHARE = 0.8

_STANDS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """One plate in one frame."""

    at: datetime
    plate: PlateFound

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the plate, in pixels."""
        left, top, width, height = self.plate.box
        return left + width / 2, top + height / 2

    @property
    def width(self) -> int:
        """The plate's width in pixels, at least one."""
        return max(1, self.plate.box[2])


def shift(one: Sighting, other: Sighting) -> float:
    """How far apart two sightings are, in widths of the wider plate."""
    (x, y), (u, v) = one.centre, other.centre
    return max(abs(x - u), abs(y - v)) / max(one.width, other.width)


def is_near(track: Sequence[Sighting], seen: Sighting) -> bool:
    """Whether a plate is where the track has come, or would be by now had it gone on as before; about as large."""
    last = track[-1]
    if not 0.5 <= seen.width / last.width <= 2.0:
        return False
    return shift(last, seen) <= 1.0 or _off_course(track, seen) <= 1.0


def _off_course(track: Sequence[Sighting], seen: Sighting) -> float:
    """How far from where the last two sightings point to, in plate widths."""
    if len(track) < 2:
        return float("inf")
    before, last = track[-2:]
    between = (last.at - before.at).total_seconds()
    if between <= 0:
        return float("inf")
    ahead = (seen.at - last.at).total_seconds() / between
    (x, y), (u, v) = before.centre, last.centre
    expected = (u + (u - x) * ahead, v + (v - y) * ahead)
    return max(abs(seen.centre[0] - expected[0]), abs(seen.centre[1] - expected[1])) / max(seen.width, last.width)


def stands(track: Sequence[Sighting]) -> bool:
    """Whether the plate has been seen in one place for a second or more, and is still there.

    One box in five may be off: of a plate half hidden, only a part is found.
    """
    if (track[-1].at - track[0].at).total_seconds() < _STANDS_SECONDS:
        return False
    place = middle(track)
    there = [shift(place, one) <= _STANDS_WITHIN and _same_size(place, one) for one in track]
    return sum(there) >= _STANDS_SHARE * len(there) and any(there[-2:])


def middle(track: Sequence[Sighting]) -> Sighting:
    """The sighting nearest to where most of them are."""
    across = sorted(one.centre[0] for one in track)[len(track) // 2]
    down = sorted(one.centre[1] for one in track)[len(track) // 2]
    width = sorted(one.width for one in track)[len(track) // 2]
    return min(track, key=lambda one: abs(one.centre[0] - across) + abs(one.centre[1] - down) + abs(one.width - width))


def _same_size(one: Sighting, other: Sighting) -> bool:
    return 1 / _GROWN <= one.width / other.width <= _GROWN


def direction_of(track: Sequence[Sighting]) -> Direction | None:
    """Where the vehicle goes, as the camera sees it; None where the track does not show it."""
    first, last = track[0], track[-1]
    if last.width / first.width >= _GROWN:
        return "towards"
    if first.width / last.width >= _GROWN:
        return "away"
    across = last.centre[0] - first.centre[0]
    if abs(across) >= max(first.width, last.width):
        return "left-to-right" if across > 0 else "right-to-left"
    return None
