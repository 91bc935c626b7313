"""A listed plate above a read one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.plates.alignment import align
from plateward.plates.confusion import confusable, match_key
from plateward.plates.patterns import fits

PLATES = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=12)


def said(listed: str, read: str) -> list[str]:
    marks = {"agrees": "=", "confusable": "~", "differs": "!", "inserted": "+", "lost": "-", "open": "."}
    return [f"{one.listed}{marks[one.verdict]}{one.read}" for one in align(listed, read)]


@pytest.mark.parametrize(
    ("listed", "read", "expected"),
    [
        ("7KXR2", "7KXP2", "7=7 K=K X=X R!P 2=2"),
        ("7K12", "7KI2", "7=7 K=K 1~I 2=2"),
        ("AB1", "AB", "A=A B=B 1-"),
        ("A", "AB", "A=A +B"),
        ("7KXR214", "7KR2I4", "7=7 K=K X- R=R 2=2 1~I 4=4"),
        ("7KX4", "7KXR4", "7=7 K=K X=X +R 4=4"),
        ("AB", "BA", "A!B B!A"),
        ("7A?C", "7ABC", "7=7 A=A ?.B C=C"),
        ("7AB?*", "7A8X12", "7=7 A=A B~8 ?.X *.1 *.2"),
        ("7AB*", "7AB", "7=7 A=A B=B"),
        ("*23", "12323", "*.1 *.2 *.3 2=2 3=3"),
    ],
)
def test_what_stands_for_what(listed: str, read: str, expected: str) -> None:
    assert said(listed, read) == expected.split()


@given(PLATES, PLATES)
def test_both_plates_are_shown_whole_and_no_less_and_no_more_is_said_than_is_so(listed: str, read: str) -> None:
    characters = align(listed, read)
    assert "".join(one.listed for one in characters) == listed
    assert "".join(one.read for one in characters) == read
    for one in characters:
        assert (one.verdict == "agrees") == (one.listed == one.read)
        assert (one.verdict == "inserted") == (not one.listed)
        assert (one.verdict == "lost") == (not one.read)
        if one.verdict == "confusable":
            assert confusable(one.listed, one.read)


@given(PLATES, PLATES)
def test_nothing_but_confusion_is_said_exactly_when_the_match_keys_are_equal(listed: str, read: str) -> None:
    verdicts = {one.verdict for one in align(listed, read)}
    assert (verdicts <= {"agrees", "confusable"}) == (match_key(listed) == match_key(read))


@given(st.text("7A?*", min_size=1, max_size=6), st.text("7A", min_size=1, max_size=6))
def test_a_plate_fits_a_partial_one_exactly_when_nothing_speaks_against_it(partial: str, plate: str) -> None:
    characters = align(partial, plate)
    assert "".join(one.read for one in characters) == plate
    assert fits(partial, plate) == ({one.verdict for one in characters} <= {"agrees", "confusable", "open"})
