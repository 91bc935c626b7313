"""What a plate says names its state, or nothing does."""

import pytest

from services.recognizer.states import phrases, state_of


def test_all_fifty_states_and_the_district_say_something() -> None:
    assert len(set(phrases().values())) == 51


def test_no_two_states_say_the_same() -> None:
    printed = list(phrases())
    assert len(printed) == len(set(printed))


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (["OREGON", "123 ABC"], "OR"),
        (["SEP", "GRAMD CANY0N STATE", "ABC1234"], "AZ"),
        (["Birthplace", "of Aviation"], "OH"),
        (["MYFLORIDA.COM"], "FL"),
        (["WEST VIRGINIA", "Wild, Wonderful"], "WV"),
        (["VIRGINIA"], "VA"),
        (["WASHINGTON"], "WA"),
        (["WASHINGTONOC"], "DC"),
        (["ARKANSAS"], "AR"),
        (["KANSAS"], "KS"),
    ],
)
def test_a_name_or_a_motto_names_the_state_even_a_little_misread(lines: list[str], state: str) -> None:
    assert state_of(lines) == state


@pytest.mark.parametrize("lines", [[], [""], ["7ABC123"], ["LKE"], ["1OWO"], ["GARAGE", "PARKING"]])
def test_what_no_state_says_names_none(lines: list[str]) -> None:
    assert state_of(lines) is None


def test_two_states_on_one_plate_name_none() -> None:
    assert state_of(["Oregon", "Nevada"]) is None
