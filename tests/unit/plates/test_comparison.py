"""What a dispatcher is told of a listed plate and a read one, character by character."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.hits import Agreement
from plateward.plates.comparison import compare, compare_states
from plateward.plates.confusion import confusable, match_key

PLATES = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=12)


def verdicts(listed: str, read: str) -> list[tuple[str, str, str]]:
    comparison = compare(listed=listed, read=read, listed_state=None, read_state=None)
    return [(one.listed, one.read, one.verdict) for one in comparison.characters]


def test_equal_plates_match_exactly() -> None:
    comparison = compare(listed="AB1", read="AB1", listed_state="AZ", read_state="AZ")
    assert comparison.grade == "exact"
    assert [one.verdict for one in comparison.characters] == ["agrees"] * 3
    assert comparison.state == "agrees"


def test_each_position_says_what_it_is() -> None:
    assert verdicts("7KXR214", "7KXP2I4") == [
        ("7", "7", "agrees"),
        ("K", "K", "agrees"),
        ("X", "X", "agrees"),
        ("R", "P", "differs"),
        ("2", "2", "agrees"),
        ("1", "I", "confusable"),
        ("4", "4", "agrees"),
    ]


def test_a_position_that_one_plate_lacks_differs() -> None:
    assert verdicts("AB1", "AB") == [("A", "A", "agrees"), ("B", "B", "agrees"), ("1", "", "differs")]
    assert verdicts("A", "AB") == [("A", "A", "agrees"), ("", "B", "differs")]


@pytest.mark.parametrize(
    ("listed", "read", "agreement"),
    [
        ("AZ", "AZ", "agrees"),
        ("AZ", "NM", "contradicts"),
        ("AZ", None, "unknown"),
        (None, "AZ", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_states_of_issue(listed: str | None, read: str | None, agreement: Agreement) -> None:
    assert compare_states(listed, read) == agreement
    assert compare(listed="A", read="A", listed_state=listed, read_state=read).state == agreement


@given(PLATES, PLATES)
def test_the_comparison_shows_both_plates_whole_and_says_no_less_and_no_more_than_is_so(listed: str, read: str) -> None:
    comparison = compare(listed=listed, read=read, listed_state=None, read_state=None)
    assert "".join(one.listed for one in comparison.characters) == listed
    assert "".join(one.read for one in comparison.characters) == read
    for one in comparison.characters:
        assert (one.verdict == "agrees") == (one.listed == one.read)
        if one.verdict == "confusable":
            assert confusable(one.listed, one.read)
    assert (comparison.grade == "exact") == all(one.verdict == "agrees" for one in comparison.characters)


@given(PLATES, PLATES)
def test_nothing_differs_exactly_when_the_match_keys_are_equal(listed: str, read: str) -> None:
    differs = any(verdict == "differs" for _, _, verdict in verdicts(listed, read))
    assert differs == (match_key(listed) != match_key(read))
