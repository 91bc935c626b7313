"""Lines that stand over one another: a sign, a poster or a page has several as high, a plate one."""

from collections.abc import Sequence
from dataclasses import replace

from services.recognizer.plate_lines import Line

_AS_HIGH = 0.6
"""The lower of two lines has at least this share of the other's height."""
_FARTHEST = 2.6
"""Between the middles of two lines, in heights."""
_MOST = 2


def with_neighbours(lines: Sequence[Line]) -> list[Line]:
    """The lines of one look, each with how many others stand right above or below it."""
    return [
        replace(line, neighbours=min(_MOST, sum(_is_near(line, other) for other in lines if other is not line)))
        for line in lines
    ]


def _is_near(line: Line, other: Line) -> bool:
    x, y, width, height = line.box
    u, v, other_width, other_height = other.box
    apart = abs(v + other_height / 2 - y - height / 2)
    return (
        min(line.height, other.height) > _AS_HIGH * max(line.height, other.height)
        and u < x + width
        and x < u + other_width
        and line.height / 2 < apart < _FARTHEST * line.height
    )
