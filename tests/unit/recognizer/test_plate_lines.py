from dataclasses import replace

import pytest

from services.recognizer.engine import Candidate, PlateFound
from services.recognizer.plate_lines import Line, clearest, is_sure, may_be_plate, plate_score
from services.recognizer.syntax import Syntax
from tests.unit.recognizer.matrices import reading

SYNTAX = Syntax()


def line(printed: str, confidence: float = 0.98, height: float = 24) -> Line:
    text = "".join(character for character in printed.upper() if character.isascii() and character.isalnum())
    return Line(reading(text, confidence), printed, confidence, height, (10, 20, 100, 24))


def score(printed: str, height: float = 24) -> float:
    text = "".join(character for character in printed.upper() if character.isalnum())
    return plate_score(line(printed, height=height), text, SYNTAX)


@pytest.mark.parametrize("printed", ["7ABC123", "ABC-1234", "LR 33 TEE", "RK·605AB", "ABC1D23"])
def test_plates_reach_the_threshold(printed: str) -> None:
    assert score(printed) >= 1.5


@pytest.mark.parametrize("printed", ["EXIT", "PENSKE", "Ohio 25", "12:30 AM", "2014-05", "55 MPH!!", "123456"])
def test_other_print_does_not(printed: str) -> None:
    assert score(printed) < 1.5


def test_a_number_in_a_plates_groups_is_no_time_stamp() -> None:
    assert score("2T4:0211") > score("24:02:11") + 0.5


def test_larger_print_is_more_probably_the_plate() -> None:
    assert score("ABC1234", height=40) > score("ABC1234", height=12)


def test_a_line_of_no_height_still_has_a_score() -> None:
    assert score("ABC1234", height=0) < score("ABC1234", height=12)


@pytest.mark.parametrize(
    ("printed", "possible"),
    [("ABC1234", True), ("EXIT", True), ("AB1", False), ("ABCDE12345", False), ("123456", True), ("", False)],
)
def test_only_a_plates_length_is_worth_spelling(printed: str, possible: bool) -> None:
    assert may_be_plate(line(printed) if printed else replace(line("A"), matrix=reading("A"))) is possible


@pytest.mark.parametrize(("confidence", "plate", "sure"), [(0.99, 1.7, True), (0.94, 1.7, False), (0.99, 1.55, False)])
def test_sure_takes_confidence_and_the_look_of_a_plate(confidence: float, plate: float, sure: bool) -> None:
    candidates = (Candidate("ABC1234", confidence),)
    assert is_sure(PlateFound("ABC1234", confidence, (), candidates, (0, 0, 1, 1), plate)) is sure


def test_the_look_that_shows_the_text_best_is_the_clearest() -> None:
    faint, clear = line("ABC1234", 0.6), line("ABC1234", 0.97)
    look, confidences = clearest([faint, clear], "ABC1234")
    assert look is clear
    assert confidences == pytest.approx((0.97,) * 7, abs=1e-3)
