"""What the fitted weights make of lines: with the weights that are kept, since those are what serves."""

from dataclasses import replace

import pytest

from services.recognizer.ground import Ground
from services.recognizer.plate_lines import Line
from services.recognizer.plate_test import LEAST_PLATENESS, plateness
from services.recognizer.syntax import Syntax
from tests.unit.recognizer.matrices import reading

SYNTAX = Syntax(["us"])
SHEET = Ground(1.0, 0.7, (0.8, 0.9, 1.0, 1.0))
"""Dark print on a sheet that ends on all sides."""
PAINT = Ground(0.0, 0.4, (0.02, 0.03, 0.05, 0.4))
"""Light print on something that goes on."""


def line(printed: str, ground: Ground, neighbours: int = 0) -> Line:
    text = "".join(character for character in printed.upper() if character.isalnum())
    return Line(reading(text), printed, 0.98, 24, (10, 20, 100, 24), ground=ground, neighbours=neighbours)


def plateness_of(one: Line) -> float:
    text = "".join(character for character in one.printed.upper() if character.isalnum())
    return plateness([one], text, SYNTAX)


@pytest.mark.parametrize("printed", ["7ABC123", "KLM 4829", "1049338", "VANITY"])
def test_print_on_a_plate_is_told_even_where_it_says_a_word_or_digits_alone(printed: str) -> None:
    assert plateness_of(line(printed, SHEET)) >= LEAST_PLATENESS


@pytest.mark.parametrize("printed", ["GS300", "647-0604", "EXIT 79B", "NISSAN", "12:30:11"])
def test_print_on_paint_or_on_the_picture_is_not(printed: str) -> None:
    assert plateness_of(line(printed, PAINT)) < LEAST_PLATENESS


def test_what_is_surely_spelled_like_a_plate_is_told_whatever_it_stands_on() -> None:
    assert plateness_of(line("KLM 4829", PAINT)) >= LEAST_PLATENESS


@pytest.mark.parametrize("printed", ["PARKING", "PARKINC", "TOYOTA", "14 MILE"])
def test_a_word_of_signs_and_vehicles_is_not_even_on_a_sheet(printed: str) -> None:
    assert plateness_of(line(printed, replace(SHEET, edges=(1.0, 0.3, 0.8, 0.3)))) < LEAST_PLATENESS


def test_a_sign_of_several_lines_is_less_of_a_plate() -> None:
    assert plateness_of(line("KLM 4829", SHEET, neighbours=2)) < plateness_of(line("KLM 4829", SHEET))


def test_looks_count_alike() -> None:
    one, other = line("KLM 4829", SHEET), line("KLM 4829", PAINT)
    both = plateness([one, other], "KLM4829", SYNTAX)
    assert min(plateness_of(one), plateness_of(other)) < both < max(plateness_of(one), plateness_of(other))
    assert both == pytest.approx(plateness([other, replace(one)], "KLM4829", SYNTAX))
