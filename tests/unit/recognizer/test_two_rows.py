"""Two short lines under each other are one plate; others are not."""

import pytest

from services.recognizer.ctc import greedy
from services.recognizer.engine import Box
from services.recognizer.plate_lines import Line
from services.recognizer.syntax import Syntax
from services.recognizer.two_rows import with_stacked
from tests.unit.recognizer.matrices import reading

BRAZIL = Syntax(["br"])


def line(text: str, box: Box) -> Line:
    return Line(reading(text), text, 0.98, box[3], box)


UPPER, LOWER = line("ABC", (100, 100, 90, 40)), line("1234", (95, 145, 100, 40))


def test_two_rows_are_one_number_from_top_to_bottom() -> None:
    (plate,) = with_stacked([LOWER, UPPER], BRAZIL)
    assert greedy(plate.matrix) == plate.printed == "ABC1234"
    assert (plate.box, plate.rows) == ((95, 100, 100, 85), 2)


def test_like_characters_at_the_rows_ends_stay_two() -> None:
    upper, lower = line("AB1", (100, 100, 90, 40)), line("1CDE", (95, 145, 100, 40))
    europe = Syntax(["eu"])
    (plate,) = with_stacked([upper, lower], europe)
    assert greedy(plate.matrix) == "AB11CDE"


@pytest.mark.parametrize(
    "lower",
    [
        line("1234", (300, 145, 100, 40)),
        line("1234", (95, 300, 100, 40)),
        line("1234", (20, 145, 250, 40)),
        line("123X", (95, 145, 100, 40)),
    ],
    ids=["beside", "far below", "much wider", "in no format"],
)
def test_lines_that_do_not_belong_together_stay_apart(lower: Line) -> None:
    assert [greedy(one.matrix) for one in with_stacked([UPPER, lower], BRAZIL)] == [greedy(lower.matrix)]


def test_a_line_that_is_a_number_already_needs_no_other() -> None:
    whole = line("ABC1234", (100, 100, 90, 40))
    assert [one.rows for one in with_stacked([whole, LOWER], BRAZIL)] == [1, 1]
