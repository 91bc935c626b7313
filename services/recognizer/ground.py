"""What a line of text stands on: whether that looks like a plate, apart from what the line says.

A plate is a sheet: dark print on an even light ground, or the other way round, that ends in straight edges not far from
the print, on all four sides. A badge stands on a vehicle's own paint, a caption on the picture, and a sign goes on
beyond the line.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Patch: TypeAlias = npt.NDArray[np.uint8]
"""A line upright in grey levels, `LINE_PX` high, with `MARGIN` line heights around it on each side."""

Levels: TypeAlias = npt.NDArray[np.float32]

LINE_PX = 24
MARGIN = 1.5

_AROUND = round(MARGIN * LINE_PX)
_STEP_PX = 2
"""How many rows on each side of an edge are compared."""
_SHARED = 0.3
"""An edge is as sharp as the step that all but this share of its length exceeds: edges are whole."""
_SHARP = 0.5
"""The nearest edge that is at least this share as sharp as the sharpest may be the sheet's, too."""
_EDGE_PX = 3
"""How wide a soft edge is."""
_SLANT_PX = 2
"""By how many rows an edge may stray from where it is sharpest: a plate is seldom as upright as its line."""
_INTO_PX = 5
"""How far inside the line's own box edges are looked for: a box is often wider than what is printed."""
_LEAST_CONTRAST = 8.0
"""Grey levels between print and ground: what is less is noise."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Measures of the ground of a line."""

    dark_print: float
    """1 where the print is darker than its ground, else 0."""
    contrast: float
    """Between print and ground, as a share of white."""
    edges: tuple[float, float, float, float]
    """How sharply and straight the ground ends above, below, to the left and to the right, in contrasts, up to 1.

    Those to the left and right are as high as the ground is between the ones above and below."""

    @property
    def ends(self) -> tuple[float, ...]:
        """How surely the ground ends near the line on each side, the least sure first."""
        return tuple(sorted(self.edges))


NO_GROUND = Ground(0.0, 0.0, (0.0,) * 4)
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
    contrast = max(_LEAST_CONTRAST, abs(float(np.median(ground)) - float(np.median(print_))))
    return Ground(float(dark_print), contrast / 255, _edges(grey / contrast))


def _edges(around: Levels) -> tuple[float, float, float, float]:
    """The four edges of the sheet that the line most probably stands on: what is outside has edges of its own."""
    height, width = around.shape
    upright = around[:, _AROUND : width - _AROUND]
    sheets = []
    for above, top in _sharp(upright[: _AROUND + _INTO_PX][::-1]):
        for below, bottom in _sharp(upright[height - _AROUND - _INTO_PX :]):
            rows = slice(_AROUND - max(0, top - _EDGE_PX), height - _AROUND + max(0, bottom - _EDGE_PX))
            across = around[rows].T
            left = max(_sharp(across[: _AROUND + _INTO_PX][::-1]))
            right = max(_sharp(across[width - _AROUND - _INTO_PX :]))
            sheets.append((above, below, left[0], right[0]))
    return max(sheets, key=lambda sheet: sum(sorted(sheet)[:2]))


def _sharp(outside: Levels) -> list[tuple[float, int]]:
    """The nearest sharp edge along rows that lead away from the line, and the sharpest, if that is another.

    Of each its sharpness in contrasts, up to 1, and how many rows it is away from the line.
    """
    pairs = outside[:-1] + outside[1:]
    steps = np.asarray((pairs[_STEP_PX:] - pairs[:-_STEP_PX]) / 2, np.float32)
    sharp = np.clip(np.maximum(_shared(steps), _shared(-steps)), 0, 1)
    sharpest, near = int(sharp.argmax()), int((sharp >= _SHARP * sharp.max()).argmax())
    while near + 1 < len(sharp) and sharp[near + 1] > sharp[near]:
        near += 1
    return [(float(sharp[row]), row + _SLANT_PX + _STEP_PX - _INTO_PX) for row in dict.fromkeys((near, sharpest))]


def _shared(steps: Levels) -> Levels:
    """How large a step each row shares along its length, within a slant."""
    height = len(steps) - 2 * _SLANT_PX
    nearby = np.max([steps[shift : shift + height] for shift in range(2 * _SLANT_PX + 1)], axis=0)
    least = int(_SHARED * steps.shape[1])
    shared: Levels = np.partition(nearby, least, axis=1)[:, least]
    return shared


def _between(line: Levels) -> float:
    """The grey level that parts print from ground best (Otsu's)."""
    counts = np.bincount(line.astype(np.uint8).ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    sums = np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(np.nanargmax(np.nan_to_num(between)))
