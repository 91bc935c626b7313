"""Looks at one place count together; other places are other plates."""

from services.recognizer.engine import Box
from services.recognizer.plate_lines import Line
from services.recognizer.sighting import best_apart, gathered, likely, spelled_out
from services.recognizer.syntax import Syntax
from tests.unit.recognizer.matrices import reading, spelled

US = Syntax(["us"])
HERE, BESIDE = (100, 100, 120, 30), (400, 100, 120, 30)


def line(text: str, box: Box = HERE, confidence: float = 0.98) -> Line:
    return Line(reading(text), text, confidence, box[3], box)


def test_looks_at_one_place_are_one_sighting() -> None:
    first, again, other = line("ABC1234"), line("ABC1284", (104, 98, 118, 33)), line("XYZ9876", BESIDE)
    assert gathered(gathered([], [first]), [again, other]) == [(first, again), (other,)]


def test_two_lines_of_one_look_are_never_one_sighting() -> None:
    first, close = line("ABC1234"), line("ABC1284", (104, 98, 118, 33))
    assert gathered([], [first, close]) == [(first,), (close,)]


def test_a_second_look_settles_what_the_first_left_open() -> None:
    open_ = [*({letter: 0.99} for letter in "ABC"), {"8": 0.55, "3": 0.44}, *({digit: 0.99} for digit in "124")]
    steps = [each for step in open_ for each in (step, {})]
    unsure = Line(spelled(*steps), "ABC8124", 0.9, 30, HERE)
    assert spelled_out((unsure,), US).text == "ABC8124"
    assert spelled_out((unsure, line("ABC3124")), US).text == "ABC3124"


def test_the_likeliest_lines_come_first() -> None:
    assert [one.printed for one in likely([line("PARKING"), line("ABC1234")], US, 1)] == ["ABC1234"]


def test_of_plates_that_lie_on_each_other_the_likeliest_is_kept() -> None:
    plates = [spelled_out((each,), US) for each in (line("ABC1234", confidence=0.7), line("ABC1235"))]
    far = spelled_out((line("XYZ9876", BESIDE),), US)
    assert [plate.text for plate in best_apart([*plates, far])] == ["ABC1235", "XYZ9876"]
