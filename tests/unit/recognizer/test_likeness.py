"""How alike two spellings are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.reads import PlateText
from services.recognizer.likeness import likeness

PLATES = st.from_regex(r"[A-Z0-9]{1,9}", fullmatch=True)


@given(PLATES, PLATES)
def test_it_is_a_share_and_symmetric(one: PlateText, other: PlateText) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, other) == likeness(other, one)


@given(PLATES, st.data())
def test_a_wrong_character_costs_one_share(plate: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(plate) - 1))
    other = plate[:place] + data.draw(st.sampled_from("AX7")) + plate[place + 1 :]
    assert likeness(plate, other) >= 1 - 1 / len(plate) - 1e-9


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("AB0123", "ABO123", 1.0), ("7KXR214", "KXR214", 6 / 7), ("7KXR214", "7KXR2144", 7 / 8), ("AAAA", "XXXX", 0.0)],
)
def test_confusable_is_the_same_and_a_lost_character_little(one: str, other: str, alike: float) -> None:
    assert likeness(one, other) == pytest.approx(alike)
