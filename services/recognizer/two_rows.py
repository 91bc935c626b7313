"""Plates in two rows, as motorcycles have them: two short lines, one under the other, that make one number."""

from collections.abc import Iterator, Sequence

import numpy as np

from services.recognizer.ctc import BLANK, CHARACTERS, FLOOR, Matrix, greedy
from services.recognizer.engine import Box
from services.recognizer.plate_lines import Line, may_be_plate
from services.recognizer.syntax import Syntax

_LEAST_ALIKE = 0.6
"""How much wider or higher than the other a row may be: the smaller is at least this share of the larger."""
_LARGEST_GAP, _LARGEST_OVERLAP = 0.8, 0.4
"""Between the rows, in heights of a row."""
_LARGEST_SHIFT = 0.25
"""Between the rows' middles, in widths of the wider."""


def with_stacked(lines: Sequence[Line], syntax: Syntax) -> list[Line]:
    """The lines long enough for a plate, and in their rows' stead the pairs of rows that make one plate."""
    pairs = list(_pairs(lines, syntax))
    rows = {id(row) for pair in pairs for row in pair}
    alone = [line for line in lines if id(line) not in rows and may_be_plate(line)]
    return [*(_joined(upper, lower) for upper, lower in pairs), *alone]


def _pairs(lines: Sequence[Line], syntax: Syntax) -> Iterator[tuple[Line, Line]]:
    for upper in lines:
        for lower in lines:
            if _stacked(upper.box, lower.box) and _one_number(upper, lower, syntax):
                yield upper, lower


def _one_number(upper: Line, lower: Line, syntax: Syntax) -> bool:
    """Whether two rows are a number together, and neither is one alone."""
    first, second = greedy(upper.matrix), greedy(lower.matrix)
    both = first + second
    return bool(first and second) and syntax.knows(both) and not (syntax.knows(first) or syntax.knows(second))


def _stacked(upper: Box, lower: Box) -> bool:
    """Whether one box lies under the other, about as large, and in line with it."""
    width, height = max(upper[2], lower[2]), max(upper[3], lower[3])
    gap = lower[1] - (upper[1] + upper[3])
    shift = abs(upper[0] + upper[2] / 2 - lower[0] - lower[2] / 2)
    return (
        min(upper[2], lower[2]) >= _LEAST_ALIKE * width
        and min(upper[3], lower[3]) >= _LEAST_ALIKE * height
        and -_LARGEST_OVERLAP * height <= gap <= _LARGEST_GAP * height
        and shift <= _LARGEST_SHIFT * width
    )


def _joined(upper: Line, lower: Line) -> Line:
    """Two rows as one line, read from the upper's first character to the lower's last."""
    left, top = min(upper.box[0], lower.box[0]), min(upper.box[1], lower.box[1])
    right = max(line.box[0] + line.box[2] for line in (upper, lower))
    bottom = max(line.box[1] + line.box[3] for line in (upper, lower))
    return Line(
        matrix=np.vstack([upper.matrix, _nothing(), lower.matrix]),
        printed=upper.printed + lower.printed,
        confidence=(upper.confidence + lower.confidence) / 2,
        height=(upper.height + lower.height) / 2,
        box=(left, top, right - left, bottom - top),
        rows=2,
        ground=upper.ground,
        neighbours=max(0, upper.neighbours - 1),
    )


def _nothing() -> Matrix:
    """A time step between the rows, so that two like characters at their ends stay two."""
    step = np.full((1, 1 + len(CHARACTERS)), FLOOR)
    step[0, BLANK] = 1.0
    normalised: Matrix = step / step.sum()
    return normalised
