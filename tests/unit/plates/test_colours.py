import pytest

from plateward.plates.colours import may_be_alike


@pytest.mark.parametrize(
    ("one", "other"), [("Silver", "grey"), ("gold", "beige"), ("maroon", "red"), ("lilac", "Lilac "), ("gray", "grey")]
)
def test_shades_next_to_each_other_may_be_one_paint(one: str, other: str) -> None:
    assert may_be_alike(one, other)
    assert may_be_alike(other, one)


@pytest.mark.parametrize(("one", "other"), [("red", "blue"), ("white", "black"), ("green", "red"), ("lilac", "blue")])
def test_others_may_not(one: str, other: str) -> None:
    assert not may_be_alike(one, other)
