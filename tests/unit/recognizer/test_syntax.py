import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recognizer.ctc import CHARACTERS
from services.recognizer.formats import BY_REGION
from services.recognizer.syntax import DIGITS_LIKE, LETTERS_LIKE, REGIONS, Syntax, template_of

SYNTAX = Syntax()


def test_every_format_is_made_of_letters_and_digits_of_a_plates_length() -> None:
    formats = [form for region in BY_REGION.values() for forms in region.values() for form in forms]
    assert all(set(form) <= {"L", "D"} and 4 <= len(form) <= 8 for form in formats)


def test_no_authority_lists_a_format_twice() -> None:
    for region in BY_REGION.values():
        for authority, forms in region.items():
            assert len(set(forms)) == len(forms), authority


@pytest.mark.parametrize("regions", [("us", "mars"), ()])
def test_unknown_regions_are_refused(regions: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="No plate formats"):
        Syntax(regions)


def test_weights_stay_between_their_bounds() -> None:
    for region in REGIONS:
        assert all(2.0 <= weight <= 3.5 for weight in Syntax([region]).weights.values())


def test_a_region_knows_its_own_formats_only() -> None:
    assert Syntax(["br"]).knows("ABC1D23")
    assert not Syntax(["us"]).knows("ABC1D23")
    assert Syntax(["us"]).knows("7ABC123")


def test_a_format_in_wide_use_is_more_probable_than_a_rare_one() -> None:
    american = Syntax(["us"])
    assert american.prior("ABC1234") > american.prior("1A23456") > american.prior("A1B2C3D")


@pytest.mark.parametrize(
    ("likely", "unlikely"), [("ABCD", "ABC"), ("A1B2C", "A1B2"), ("AB12", "A1B2"), ("XXXXXXX", "XXXXXXXX")]
)
def test_odd_lengths_and_many_changes_are_improbable(likely: str, unlikely: str) -> None:
    assert SYNTAX.prior(likely) > SYNTAX.prior(unlikely)


def test_look_alikes_go_both_ways() -> None:
    for letter, digit in DIGITS_LIKE.items():
        assert letter in LETTERS_LIKE[digit]


def test_respelling_repairs_the_usual_confusions() -> None:
    american = Syntax(["us"])
    assert "ABC1234" in set(american.respellings("A8CI234"))
    assert "7ABC123" in set(american.respellings("TABCI23"))


@given(st.text(CHARACTERS, max_size=10))
def test_respellings_are_known_and_differ_in_one_to_three_look_alikes(text: str) -> None:
    for respelling in SYNTAX.respellings(text):
        assert SYNTAX.knows(respelling)
        assert len(respelling) == len(text)
        changed = [(was, now) for was, now in zip(text, respelling, strict=True) if was != now]
        assert 1 <= len(changed) <= 3
        assert all(DIGITS_LIKE.get(was) == now or now in LETTERS_LIKE.get(was, "") for was, now in changed)


@given(st.text(CHARACTERS, max_size=10))
def test_a_template_has_a_letter_or_digit_for_each_character(text: str) -> None:
    assert [kind == "D" for kind in template_of(text)] == [character.isdigit() for character in text]
