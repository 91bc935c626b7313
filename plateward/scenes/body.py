"""The shapes of vehicles: each kind's lengthwise profile, lofted into a surface in metres.

A body is a stack of outlines seen from above. Going up from the sill, each knot gives the height, how far in front
of the rearmost point the tail stands there, where the nose ends, and the half width. Vehicle axes: x to the
vehicle's right, y up, z forward from the tail.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from plateward.scenes.traffic import Kind

Surface = npt.NDArray[np.float64]
Knot = tuple[float, float, float, float]

_CORNER_M = 0.42
_SQUARENESS = 3.6
_LEVELS_A_KNOT = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of vehicle; all measures are metres."""

    knots: tuple[Knot, ...]
    """Height, tail, nose, half width; heights strictly rising."""
    plate_height: float
    """Height of the plate's centre."""
    rear_glass: tuple[float, float]
    """Lower and upper edge of the rear window."""
    glass_half: float
    """How much of the half width the rear window takes."""
    lamp: tuple[float, float, float]
    """Tail lamps: lower edge, upper edge, and the inner edge as a share of the half width."""
    side_glass: tuple[float, float, float]
    """Side windows: where along the body they begin and end, and where the middle pillar stands."""
    wheel: float = 0.34
    axles: tuple[float, float] = (0.98, 3.66)

    @property
    def sill(self) -> float:
        """Height of the body's lower edge."""
        return self.knots[0][0]

    @property
    def bumper_top(self) -> float:
        """Height of the ledge where the bumper meets the body."""
        return self.knots[4][0]


SHAPES: dict[Kind, Shape] = {
    "sedan": Shape(
        knots=(
            (0.20, 0.16, 4.60, 0.78),
            (0.30, 0.05, 4.72, 0.87),
            (0.44, 0.00, 4.76, 0.90),
            (0.60, 0.01, 4.72, 0.91),
            (0.64, 0.06, 4.68, 0.91),
            (0.92, 0.10, 4.50, 0.905),
            (1.03, 0.05, 4.00, 0.87),
            (1.07, 0.16, 3.60, 0.83),
            (1.10, 0.66, 3.35, 0.77),
            (1.26, 0.98, 3.00, 0.69),
            (1.40, 1.38, 2.70, 0.58),
            (1.45, 1.66, 2.45, 0.50),
        ),
        plate_height=0.82,
        rear_glass=(1.115, 1.392),
        glass_half=0.86,
        lamp=(0.78, 0.97, 0.54),
        side_glass=(1.25, 3.15, 2.15),
    ),
    "suv": Shape(
        knots=(
            (0.26, 0.16, 4.50, 0.80),
            (0.36, 0.03, 4.62, 0.91),
            (0.54, 0.00, 4.66, 0.94),
            (0.68, 0.02, 4.64, 0.945),
            (0.72, 0.08, 4.60, 0.945),
            (1.00, 0.12, 4.40, 0.94),
            (1.14, 0.16, 3.80, 0.91),
            (1.18, 0.19, 3.50, 0.885),
            (1.60, 0.44, 2.90, 0.74),
            (1.66, 0.30, 2.70, 0.71),
            (1.72, 0.36, 2.50, 0.66),
            (1.75, 0.70, 2.30, 0.58),
        ),
        plate_height=0.93,
        rear_glass=(1.22, 1.58),
        glass_half=0.87,
        lamp=(0.88, 1.16, 0.64),
        side_glass=(0.55, 3.20, 1.95),
        wheel=0.38,
    ),
    "pickup": Shape(
        knots=(
            (0.42, 0.20, 5.40, 0.86),
            (0.48, 0.02, 5.50, 0.92),
            (0.56, 0.00, 5.52, 0.94),
            (0.68, 0.01, 5.52, 0.94),
            (0.71, 0.13, 5.50, 0.97),
            (0.98, 0.15, 5.30, 0.975),
            (1.24, 0.13, 4.80, 0.96),
            (1.27, 0.17, 4.50, 0.95),
            (1.29, 1.95, 4.30, 0.89),
            (1.33, 2.00, 4.20, 0.86),
            (1.72, 2.14, 3.60, 0.71),
            (1.81, 2.26, 3.35, 0.64),
            (1.84, 2.50, 3.20, 0.56),
        ),
        plate_height=0.83,
        rear_glass=(1.36, 1.70),
        glass_half=0.84,
        lamp=(0.78, 1.20, 0.83),
        side_glass=(2.25, 4.00, 3.05),
        wheel=0.41,
        axles=(1.15, 4.45),
    ),
    "van": Shape(
        knots=(
            (0.26, 0.14, 4.90, 0.84),
            (0.36, 0.02, 5.00, 0.93),
            (0.52, 0.00, 5.02, 0.96),
            (0.66, 0.02, 5.00, 0.965),
            (0.70, 0.08, 4.98, 0.965),
            (1.10, 0.10, 4.70, 0.96),
            (1.22, 0.11, 4.45, 0.94),
            (1.78, 0.20, 3.90, 0.85),
            (1.90, 0.25, 3.70, 0.82),
            (1.96, 0.34, 3.55, 0.77),
            (1.99, 0.62, 3.40, 0.69),
        ),
        plate_height=0.92,
        rear_glass=(1.24, 1.74),
        glass_half=0.84,
        lamp=(0.86, 1.34, 0.86),
        side_glass=(0.55, 4.05, 2.30),
        wheel=0.36,
        axles=(1.05, 3.98),
    ),
}


@lru_cache
def _levels(kind: Kind) -> Surface:
    """The profile's knots, sampled finely and their corners eased; rows of height, tail, nose, half width."""
    knots = np.array(SHAPES[kind].knots)
    along = np.linspace(0, len(knots) - 1, (len(knots) - 1) * _LEVELS_A_KNOT + 1)
    levels = np.stack([np.interp(along, np.arange(len(knots)), column) for column in knots.T], axis=1)
    eased = levels.copy()
    for _ in range(3):
        eased[1:-1] = (eased[:-2] + 2 * eased[1:-1] + eased[2:]) / 4
    return eased


@lru_cache
def loft(kind: Kind) -> Surface:
    """The body's surface: levels from sill to roof, and in each the points around it, from nose to nose."""
    around = np.radians(
        np.concatenate([np.linspace(-180, -100, 5)[:-1], np.linspace(-97, 97, 41), np.linspace(100, 180, 5)[1:]])
    )
    sine, cosine = np.sin(around), np.cos(around)
    outline = np.sign(sine) * np.abs(sine) ** (2 / _SQUARENESS)
    depth = 1 - np.abs(cosine) ** (2 / _SQUARENESS)
    rings = []
    for height, tail, nose, half in _levels(kind):
        rear, front = tail + _CORNER_M * depth, nose - _CORNER_M * depth
        rings.append(np.stack([outline * half, np.full_like(outline, height), np.where(cosine >= 0, rear, front)], 1))
    return np.stack(rings)


def on_tail(kind: Kind, across: Surface, height: Surface) -> Surface:
    """Points on the tail: across as a share of the half width (-1 to 1), height in metres."""
    levels = _levels(kind)
    tail, half = (np.interp(height, levels[:, 0], levels[:, column]) for column in (1, 3))
    share = np.clip(np.abs(across), 0, 0.999)
    depth = 1 - (1 - share**_SQUARENESS) ** (1 / _SQUARENESS)
    return np.stack([across * half, np.asarray(height, float), tail + _CORNER_M * depth], axis=-1)


def flank_begins(kind: Kind, height: float) -> float:
    """How far in front of the rearmost point the tail has rounded into the flank, at a height."""
    levels = _levels(kind)
    return float(np.interp(height, levels[:, 0], levels[:, 1])) + _CORNER_M


def flank_ends(kind: Kind, height: float) -> float:
    """How far along the flank rounds into the nose or the windscreen, at a height."""
    levels = _levels(kind)
    return float(np.interp(height, levels[:, 0], levels[:, 2])) - _CORNER_M


def wheel_face_m(kind: Kind) -> float:
    """How far from the middle the outer faces of the wheels are."""
    return SHAPES[kind].knots[2][3] - 0.03


def on_flank(kind: Kind, side: float, along: Surface, height: Surface) -> Surface:
    """Points on a flank (side -1 is the vehicle's left, 1 its right), metres along from the tail and up."""
    half = np.interp(height, _levels(kind)[:, 0], _levels(kind)[:, 3])
    return np.stack([side * half, np.asarray(height, float), np.asarray(along, float)], axis=-1)
