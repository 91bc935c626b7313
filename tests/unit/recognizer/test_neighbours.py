import pytest

from services.recognizer.engine import Box
from services.recognizer.neighbours import with_neighbours
from services.recognizer.plate_lines import Line
from tests.unit.recognizer.matrices import reading


def line(box: Box) -> Line:
    return Line(reading("ABC1234"), "ABC1234", 0.98, box[3], box)


LINE = line((100, 100, 120, 30))


@pytest.mark.parametrize(
    ("others", "counted"),
    [
        ([], 0),
        ([(110, 140, 80, 28)], 1),
        ([(110, 140, 80, 28), (100, 60, 120, 30), (100, 175, 120, 30)], 2),
        ([(110, 135, 80, 12)], 0),
        ([(300, 140, 120, 30)], 0),
        ([(100, 300, 120, 30)], 0),
        ([(104, 102, 110, 28)], 0),
    ],
    ids=["alone", "below", "at most two", "too low", "elsewhere", "too far", "the line itself, seen twice"],
)
def test_lines_as_high_right_above_or_below_are_neighbours(others: list[Box], counted: int) -> None:
    assert with_neighbours([LINE, *map(line, others)])[0].neighbours == counted
