import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recognizer.candidates import candidates
from services.recognizer.ctc import CHARACTERS, Matrix
from services.recognizer.syntax import Syntax
from tests.unit.recognizer.matrices import reading, spelled

AMERICAN = Syntax(["us"])


def doubtful(text: str, at: int, other: str, share: float) -> Matrix:
    """A line that reads `text`, but at one place may be `other` with a probability of `share`."""
    steps: list[dict[str, float]] = []
    for place, character in enumerate(text):
        steps += [{character: 1 - share, other: share} if place == at else {character: 0.99}, {}]
    return spelled(*steps)


def test_syntax_decides_between_look_alikes() -> None:
    assert candidates([doubtful("ABCI234", 3, "1", 0.4)], AMERICAN)[0].text == "ABC1234"


def test_syntax_does_not_overrule_what_is_clearly_seen() -> None:
    assert candidates([reading("ABCX234", 0.999)], AMERICAN)[0].text == "ABCX234"
    assert candidates([reading("GODBLES", 0.9999)], AMERICAN)[0].text == "GODBLES"


def test_looks_are_weighed_together() -> None:
    undecided = doubtful("ABC1284", 5, "3", 0.45)
    assert candidates([undecided], AMERICAN)[0].text == "ABC1284"
    assert candidates([undecided, doubtful("ABC1284", 5, "3", 0.8)], AMERICAN)[0].text == "ABC1234"


def test_a_second_look_can_add_a_lost_character() -> None:
    found = candidates([reading("AGOR6", 0.9), reading("AGOR6T", 0.9)], AMERICAN)
    assert "AG0R6T" in {candidate.text for candidate in found}


def test_a_line_without_a_plate_has_no_candidates() -> None:
    assert candidates([spelled({}, {}, {})], AMERICAN) == ()
    assert candidates([reading("A")], AMERICAN) == ()
    assert candidates([reading("ABCDEFGHIJKL")], AMERICAN) == ()


@given(st.text(CHARACTERS, min_size=3, max_size=9), st.floats(0.2, 0.999))
def test_candidates_are_probabilities_best_first(text: str, clarity: float) -> None:
    found = candidates([reading(text, clarity)], AMERICAN)
    shares = [candidate.confidence for candidate in found]
    assert len(found) <= 5
    assert len({candidate.text for candidate in found}) == len(found)
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1 + 1e-9
    assert all(0 <= share <= 1 for share in shares)


def test_a_clear_known_plate_is_nearly_certain() -> None:
    best = candidates([reading("ABC1234", 0.999)], AMERICAN)[0]
    assert best.text == "ABC1234"
    assert best.confidence == pytest.approx(1, abs=0.02)
