"""How an entry's plate may be written: whole or partial."""

import msgspec
import pytest

from plateward.contracts.hot_list import ListedPlate


@pytest.mark.parametrize("plate", ["A", "7KXR214", "ABCDEFGHIJKL", "7AB?*", "*7AB", "?7?A?B?", "7**AB", "*7AB*"])
def test_a_whole_or_a_partial_plate(plate: str) -> None:
    assert msgspec.convert(plate, ListedPlate) == plate


@pytest.mark.parametrize("plate", ["", "7A?", "7A*", "???", "*", "A-B?C", "7ab?", "*7*AB*", "7AB?\n", "7AB??????????"])
def test_what_names_too_little_or_is_none(plate: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plate, ListedPlate)
