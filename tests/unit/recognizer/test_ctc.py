import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recognizer.ctc import (
    BLANK,
    CHARACTERS,
    CharacterSet,
    Matrix,
    beam,
    character_confidences,
    greedy,
    log_probabilities,
)
from tests.unit.recognizer.matrices import COLUMNS, reading, spelled

PLATES = st.text(CHARACTERS, min_size=1, max_size=8)


@st.composite
def small_matrices(draw: st.DrawFn) -> Matrix:
    """Up to four steps in which only nothing, "0", "1" and "2" have any weight to speak of."""
    steps = draw(st.integers(1, 4))
    weights = draw(st.lists(st.lists(st.floats(0.01, 1), min_size=4, max_size=4), min_size=steps, max_size=steps))
    matrix = np.full((steps, COLUMNS), 1e-12)
    matrix[:, :4] = weights
    normalised: Matrix = matrix / matrix.sum(axis=1, keepdims=True)
    return normalised


def text_of(path: tuple[int, ...]) -> str:
    starts = [column for step, column in enumerate(path) if column != BLANK and (step == 0 or path[step - 1] != column)]
    return "".join(CHARACTERS[column - 1] for column in starts)


def by_enumeration(matrix: Matrix) -> dict[str, float]:
    """Every path through the first four columns, added up by the text it spells."""
    totals: dict[str, float] = {}
    for path in product(range(4), repeat=len(matrix)):
        probability = math.prod(matrix[step, column] for step, column in enumerate(path))
        totals[text_of(path)] = totals.get(text_of(path), 0.0) + probability
    return totals


@given(small_matrices())
def test_log_probabilities_add_up_all_paths_of_each_text(matrix: Matrix) -> None:
    totals = by_enumeration(matrix)
    for log_probability, total in zip(log_probabilities(matrix, list(totals)), totals.values(), strict=True):
        assert math.exp(log_probability) == pytest.approx(total, rel=1e-6)


@given(small_matrices())
def test_a_wide_beam_finds_the_most_probable_text(matrix: Matrix) -> None:
    totals = by_enumeration(matrix)
    assert totals[beam(matrix, 100)[0]] == pytest.approx(max(totals.values()), rel=1e-6)


@given(PLATES)
def test_a_clear_line_reads_alike_by_every_way(text: str) -> None:
    matrix = reading(text)
    assert greedy(matrix) == text
    assert beam(matrix, 4)[0] == text
    assert log_probabilities(matrix, [text])[0] > log_probabilities(matrix, [text[:-1]])[0]
    assert character_confidences(matrix, text) == pytest.approx((0.99,) * len(text), abs=1e-3)


def test_a_text_longer_than_the_line_is_impossible() -> None:
    matrix = spelled({"A": 0.9})
    assert log_probabilities(matrix, ["AB"]) == [-math.inf]
    assert character_confidences(matrix, "AB") == (0.0, 0.0)


def test_a_doubled_character_needs_a_gap() -> None:
    assert greedy(spelled({"A": 0.9}, {"A": 0.9})) == "A"
    assert log_probabilities(spelled({"A": 0.9}, {"A": 0.9}), ["AA"]) == [-math.inf]
    assert greedy(spelled({"A": 0.9}, {}, {"A": 0.9})) == "AA"


def test_nothing_asked_nothing_answered() -> None:
    assert log_probabilities(reading("A"), []) == []
    assert character_confidences(reading("A"), "") == ()


def test_a_doubtful_character_has_a_low_confidence_of_its_own() -> None:
    matrix = spelled({"A": 0.99}, {}, {"O": 0.6, "0": 0.4}, {}, {"B": 0.95})
    assert character_confidences(matrix, "A0B") == pytest.approx((0.99, 0.4, 0.95), abs=1e-3)


class TestCharacterSet:
    characters = CharacterSet(["A", "a", "-", "7", "é"])

    def probabilities(self, *columns: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
        rows = np.full((len(columns), 6), 0.02)
        rows[range(len(columns)), columns] = 0.9
        return rows

    def test_the_printed_line_keeps_case_and_symbols(self) -> None:
        printed = self.characters.printed(self.probabilities(1, 1, 0, 2, 3, 4))
        assert printed.text == "Aa-7"
        assert printed.confidence == pytest.approx(0.9)

    def test_an_empty_line_has_no_confidence(self) -> None:
        printed = self.characters.printed(self.probabilities(0, 0))
        assert (printed.text, printed.confidence) == ("", 0.0)

    def test_the_plate_matrix_folds_case_and_drops_symbols(self) -> None:
        matrix = self.characters.plate_matrix(self.probabilities(2, 3, 5, 4))
        assert greedy(matrix) == "A7"
        assert matrix.shape == (4, COLUMNS)
        assert matrix.sum(axis=1) == pytest.approx(np.ones(4))
        assert matrix.min() > 0
