"""What a line of text stands on: whether that looks like a plate, apart from what the line says.

A plate is a sheet: dark print on an even light ground, or the other way round, that ends in straight edges not far from
the print. A badge stands on a vehicle's own paint, a caption on the picture, and a road sign goes on beyond the line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Patch: TypeAlias = npt.NDArray[np.uint8]
"""A line upright in grey levels, `LINE_PX` high, with `MARGIN` line heights around it on each side."""

Levels: TypeAlias = npt.NDArray[np.float32]

LINE_PX = 16
MARGIN = 1.5

_AROUND = round(MARGIN * LINE_PX)
_NEAREST_EDGE = 1
"""Rows or columns next to the line in which its own print may still stand."""
_LEAST_CONTRAST = 8.0
"""Grey levels between print and ground: what is less is noise."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Measures of the ground of a line, each about 0 to 1 unless said otherwise."""

    dark_print: float
    """1 where the print is darker than its ground."""
    edges: tuple[float, float, float, float]
    """How sharply and straight the ground ends above, below, to the left and to the right, in contrasts."""
    beyond: tuple[float, float, float, float]
    """How unlike the ground is what lies farther out on each side, in contrasts, up to 1."""

    @property
    def ends(self) -> tuple[float, ...]:
        """How surely the ground ends near the line on each side, by an edge or by what lies beyond; the least first."""
        return tuple(sorted(max(min(1.0, edge), far) for edge, far in zip(self.edges, self.beyond, strict=True)))


NO_GROUND = Ground(0.0, (0.0,) * 4, (0.0,) * 4)
"""What a line without print on a ground has."""


def ground_of(patch: Patch) -> Ground:
    """Measure a patch."""
    grey = patch.astype(np.float32)
    line = grey[_AROUND:-_AROUND, _AROUND:-_AROUND]
    threshold = _between(line)
    dark, light = line[line <= threshold], line[line > threshold]
    if not len(dark) or not len(light):
        return NO_GROUND
    dark_print = len(dark) < len(light)
    print_, ground = (dark, light) if dark_print else (light, dark)
    level = float(np.median(ground))
    contrast = max(_LEAST_CONTRAST, abs(level - float(np.median(print_))))
    departure = np.clip(np.abs(grey - level) / contrast, 0, 1)
    return Ground(
        dark_print=float(dark_print),
        edges=_of_sides(_edge, grey / contrast),
        beyond=_of_sides(_far, departure),
    )


def _of_sides(measure: Callable[[Levels], float], around: Levels) -> tuple[float, float, float, float]:
    """A measure of what lies above, below, left and right of the line, from far to near."""
    upright, across = around[:, _AROUND:-_AROUND], around[_AROUND:-_AROUND, :].T
    above, below, left, right = (side[:_AROUND] for side in (upright, upright[::-1], across, across[::-1]))
    return measure(above), measure(below), measure(left), measure(right)


def _between(line: Levels) -> float:
    """The grey level that parts print from ground best (Otsu's)."""
    counts = np.bincount(line.astype(np.uint8).ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    sums = np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(np.nanargmax(np.nan_to_num(between)))


def _edge(outside: Levels) -> float:
    """The sharpest step between two neighbouring pairs of rows that the whole line's length shares."""
    means = np.median(outside[: _AROUND - _NEAREST_EDGE], axis=1)
    return min(1.5, float(np.abs(means[2:] - means[:-2]).max()))


def _far(departure: Levels) -> float:
    return float(departure[: _AROUND // 2].mean())
