"""The match key: plates that a reader could confuse share it, others do not."""

import string
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.plates.confusion import CONFUSION_CLASSES, confusable, match_key

CHARACTERS = string.ascii_uppercase + string.digits
PLATES = st.text(CHARACTERS, min_size=1, max_size=12)


def test_classes_share_no_character() -> None:
    together = "".join(CONFUSION_CLASSES)
    assert len(set(together)) == len(together)
    assert set(together) <= set(CHARACTERS)


@pytest.mark.parametrize("group", CONFUSION_CLASSES)
def test_a_class_is_one_to_the_match_key(group: str) -> None:
    assert {match_key(character) for character in group} == {group[0]}
    assert all(confusable(one, other) for one, other in product(group, repeat=2))


def test_characters_of_different_classes_are_never_confused() -> None:
    groups = [*CONFUSION_CLASSES, *(set(CHARACTERS) - set("".join(CONFUSION_CLASSES)))]
    for group, another in combinations(groups, 2):
        assert not any(confusable(one, other) for one, other in product(group, another))


@given(PLATES)
def test_a_key_is_its_own_key_and_as_long_as_the_plate(plate: str) -> None:
    key = match_key(plate)
    assert match_key(key) == key
    assert len(key) == len(plate)


@given(PLATES, PLATES)
def test_plates_share_a_key_exactly_when_each_position_is_confusable(one: str, other: str) -> None:
    by_position = len(one) == len(other) and all(confusable(*pair) for pair in zip(one, other, strict=True))
    assert (match_key(one) == match_key(other)) == by_position


@given(PLATES, st.data())
def test_any_misreading_within_the_classes_keeps_the_key(plate: str, data: st.DataObject) -> None:
    misread = "".join(data.draw(st.sampled_from([c for c in CHARACTERS if confusable(c, seen)])) for seen in plate)
    assert match_key(misread) == match_key(plate)
