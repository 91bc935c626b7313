"""One spelling for a plate, however it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.event import decode, encode
from plateward.contracts.examples import PLATE_READ
from plateward.contracts.reads import PlateRead
from plateward.plates.normalise import PLATE_LENGTH_MAX, NotAPlate, normalise


@pytest.mark.parametrize(
    ("written", "plate"),
    [
        ("7KXR214", "7KXR214"),
        (" 7kxr 214\n", "7KXR214"),
        ("CKA-47.12", "CKA4712"),
        ("482·KDG", "482KDG"),
        ("ＡＢＣ１２３", "ABC123"),
        ("①②③", "123"),
        ("ÉTÉ 1", "ETE1"),
        ("E\u0301TE\u0301 1", "ETE1"),
        ("AB\u200b12", "AB12"),
    ],
)
def test_ways_to_write_a_plate(written: str, plate: str) -> None:
    assert normalise(written) == plate


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("", "has no letter or digit"),
        (" -·- ", "has no letter or digit"),
        ("A" * 13, "has 13 characters, at most 12 are allowed"),
        ("ABΩ12", "'Ω' is not a letter A to Z or a digit"),
        ("АВС123", "'А' is not a letter A to Z or a digit"),
        ("١٢٣", "is not a letter A to Z or a digit"),
    ],
)
def test_what_cannot_be_a_plate_says_why(written: str, rule: str) -> None:
    with pytest.raises(NotAPlate, match=f"^plate: .*{rule}"):
        normalise(written)


def test_the_longest_plate_is_one() -> None:
    assert normalise("A" * PLATE_LENGTH_MAX) == "A" * PLATE_LENGTH_MAX


@given(st.text(max_size=20))
def test_any_text_is_refused_or_becomes_a_plate_that_the_contract_takes(text: str) -> None:
    try:
        plate = normalise(text)
    except NotAPlate:
        return
    assert normalise(plate) == plate
    read = PlateRead(**{name: getattr(PLATE_READ, name) for name in PLATE_READ.__struct_fields__} | {"plate": plate})
    assert decode(encode(read), PlateRead).plate == plate


@given(st.text("ABC0189", min_size=1, max_size=12), st.sampled_from([" ", "-", ".", "·", "\t"]))
def test_separators_and_case_make_no_difference(plate: str, separator: str) -> None:
    assert normalise(separator.join(plate).lower()) == plate
