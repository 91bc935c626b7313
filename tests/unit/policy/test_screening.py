"""Reasons that only look filled in."""

import pytest

from plateward.contracts.access import Reason
from plateward.policy.catalogue import load_catalogue
from plateward.policy.inquiries import case_number, what_an_inquiry_lacks
from plateward.policy.screening import words_of

CATALOGUE = load_catalogue()


def lacks(detail: str, agency: str = "kentucky", form: str = "written") -> dict[str, str]:
    reason = Reason(purpose="stolen-vehicle", form=form, values={"detail": detail})
    return {one.field: one.rule for one in what_an_inquiry_lacks(CATALOGUE[agency], reason)}


@pytest.mark.clause("F5")
@pytest.mark.clause("K19")
@pytest.mark.parametrize(
    "detail",
    [
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "abababababababababababab",
        "test test test test test test",
        "asdfghjkl qwertyuiop 123456789",
        "........................",
        "investigation investigation",
        "Other - Not Applicable, n/a, none",
        "official police business, law enforcement",
        "criminal investigation (ongoing), follow the law",
        "stolen stolen stolen stolen",
        "1 2 3 4 5 6 7 8 9 10 11 12",
    ],
)
def test_a_reason_that_says_nothing_is_refused_with_what_is_missing(detail: str) -> None:
    assert list(lacks(detail)) == ["reason.detail"]
    assert "what happened" in lacks(detail)["reason.detail"] or "characters" in lacks(detail)["reason.detail"]


@pytest.mark.parametrize("unseen", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u00ad"])
def test_characters_that_cannot_be_seen_fill_no_reason(unseen: str) -> None:
    assert "cannot be seen" in lacks(unseen * 40)["reason.detail"]
    assert "cannot be seen" in lacks(f"A silver sedan was{unseen} taken from a driveway")["reason.detail"]


@pytest.mark.parametrize(
    "detail",
    [
        "A silver sedan was taken from a driveway overnight",
        "Robbery at 4th and Main, suspects fled in a pickup",
        "Niño perdido, visto en un coche gris",
        "Welfare check: driver is 81 and has not come home",
    ],
)
def test_a_reason_that_says_something_is_accepted(detail: str) -> None:
    assert lacks(detail) == {}


def test_names_and_numbers_need_to_tell_nothing() -> None:
    values = {"agency": "DPS", "their_number": "S-26-17"}
    reason = Reason(purpose="assist-other-agency", form="aoa", values=values)
    assert what_an_inquiry_lacks(CATALOGUE["flagstaff"], reason) == ()
    assert words_of(CATALOGUE["flagstaff"], "aoa", values) == ""


def test_the_same_words_are_known_however_they_are_spelt() -> None:
    one, other = "Taken  overnight, from HOME!", "taken overnight from home"
    profile = CATALOGUE["kentucky"]
    assert words_of(profile, "written", {"detail": one}) == words_of(profile, "written", {"detail": other})


def test_the_case_is_found_whatever_the_form_calls_it() -> None:
    dr = Reason(purpose="stolen-vehicle", form="dr", values={"dr_number": " 2026-01234 ", "detail": "x"})
    badge = Reason(purpose="stolen-vehicle", form="badge", values={"badge_number": "4711", "detail": "x"})
    assert case_number(CATALOGUE["flagstaff"], dr) == "2026-01234"
    assert case_number(CATALOGUE["flagstaff"], badge) is None
