"""Parts of plates: what they match, and that the grams asked for are among those of every plate that matches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plateward.plates.confusion import match_key
from plateward.plates.normalise import NotAPlate
from plateward.plates.parts import GRAMS_MAX, PlatePattern, parse_pattern

plates = st.text(alphabet="ABDKXZ01278", min_size=1, max_size=12)


def grams_of(key: str) -> set[str]:
    """What the SQL function `plate_grams` gives, whose own test compares it with this."""
    placed = {f"{chr(97 + at)}{one}" for at, one in enumerate(key)}
    placed |= {f"{chr(110 + at)}{one}" for at, one in enumerate(reversed(key))}
    return placed | {key[at : at + long] for long in (2, 3) for at in range(len(key) - long + 1)}


@st.composite
def parts(draw: st.DrawFn) -> tuple[PlatePattern, str]:
    """A plate, and a pattern that it matches."""
    plate = draw(plates)
    kept = [draw(st.sampled_from((one, one, "?", "*"))) for one in plate]
    return parse_pattern("".join(kept)), plate


@given(parts())
@settings(deadline=None)
def test_every_plate_that_matches_has_all_grams_of_the_pattern(part: tuple[PlatePattern, str]) -> None:
    pattern, plate = part
    assert pattern.matches(plate)
    assert pattern.folded.matches(match_key(plate)), "what a reader confuses is taken in"
    grams = pattern.folded.grams()
    assert set(grams) <= grams_of(match_key(plate))
    assert len(grams) <= GRAMS_MAX


@pytest.mark.parametrize(
    ("written", "pattern", "grams"),
    [
        ("7?b*2", "7?B*2", ("a7", "c8", "n2")),
        ("*kxr*", "*KXR*", ("KXR",)),
        ("7KX*", "7KX*", ("7KX",)),
        ("ab - ??12", "AB??12", ("A8", "12")),
        ("**A**?*", "*A*?*", ()),
        ("?5J?", "?5J?", ("51",)),
    ],
)
def test_what_is_written_becomes_a_pattern_and_its_grams(written: str, pattern: str, grams: tuple[str, ...]) -> None:
    assert parse_pattern(written).text == pattern
    assert parse_pattern(written).folded.grams() == grams


@pytest.mark.parametrize("written", ["", " - ", "ABCDEFGHIJKLM", "?????????????", "\u04101*", "*\u0416*"])
def test_what_is_no_part_of_a_plate_is_refused(written: str) -> None:
    with pytest.raises(NotAPlate):
        parse_pattern(written)
