"""Which plates a partial one could be."""

import msgspec
import pytest

from plateward.contracts.hot_list import ListedPlate
from plateward.plates.normalise import NotAPlate
from plateward.plates.patterns import fits, is_partial, normalise_listed


@pytest.mark.parametrize(
    ("partial", "plate"),
    [
        ("7AB?*", "7ABC"),
        ("7AB?*", "7ABC123"),
        ("7AB?*", "7A8X"),
        ("*123", "123"),
        ("*123", "ABC123"),
        ("*ABC*", "1ABC2"),
        ("7?B*1", "7AB1"),
        ("7AB", "7AB"),
    ],
)
def test_a_plate_that_it_could_be(partial: str, plate: str) -> None:
    assert fits(partial, plate)


@pytest.mark.parametrize(
    ("partial", "plate"),
    [("7AB?*", "7AB"), ("7AB?", "7ABCD"), ("*123", "1234"), ("7AB*", "X7AB"), ("*ABC*", "AB1C"), ("7?B*1", "7B1")],
)
def test_a_plate_that_it_could_not_be(partial: str, plate: str) -> None:
    assert not fits(partial, plate)


def test_only_an_open_character_makes_a_plate_partial() -> None:
    assert [is_partial(plate) for plate in ("7AB", "7A?B", "7AB*")] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "plate"),
    [("7kx-r214", "7KXR214"), ("7ab ?*", "7AB?*"), ("7**ab", "7*AB"), ("*7ab*", "*7AB*")],
)
def test_one_spelling_for_what_is_looked_for(text: str, plate: str) -> None:
    assert normalise_listed(text) == plate
    assert msgspec.convert(plate, ListedPlate) == plate


@pytest.mark.parametrize("text", ["", "7a?", "***", "*a*b*c*", "7AB??????????", "7AB_?", "\u0410BC?1"])
def test_what_cannot_be_looked_for(text: str) -> None:
    with pytest.raises(NotAPlate):
        normalise_listed(text)
