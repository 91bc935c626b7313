"""Whether a purpose and a reason are accepted, and what is missing where not."""

import pytest

from plateward.contracts.access import Reason
from plateward.policy.catalogue import load_catalogue
from plateward.policy.reasons import what_is_missing

FLAGSTAFF = load_catalogue()["flagstaff"]


def missing(
    purpose: str = "stolen-vehicle", form: str = "event", values: dict[str, str] | None = None
) -> list[tuple[str, str]]:
    given = {"event_number": "E260301", "detail": "Stolen from Fourth St"} if values is None else values
    reason = Reason(purpose=purpose, form=form, values=given)
    return [(one.field, one.rule) for one in what_is_missing(FLAGSTAFF, reason)]


def test_a_whole_reason_is_accepted() -> None:
    assert missing() == []


def test_a_prohibited_purpose_is_refused_by_its_section() -> None:
    assert missing(purpose="immigration-enforcement") == [
        ("purpose", "immigration-enforcement is prohibited by Flagstaff PD Policy 317 (317.3, 317.5)")
    ]


@pytest.mark.parametrize("purpose", ["curiosity", "", "Stolen-Vehicle"])
def test_an_unknown_purpose_is_refused(purpose: str) -> None:
    ((field, rule),) = missing(purpose=purpose)
    assert field == "purpose"
    assert rule.startswith("must be one of: stolen-vehicle, ")


def test_an_unknown_form_is_refused() -> None:
    ((field, rule),) = missing(form="verbal")
    assert field == "reason.form"
    assert rule == "must be one of: event, dr, aoa, aoa-described, badge (317.5.6)"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, ["reason.event_number", "reason.detail"]),
        ({"event_number": "E260301", "detail": "   "}, ["reason.detail"]),
        ({"event_number": "E260301", "detail": "short"}, ["reason.detail"]),
        ({"event_number": "12", "detail": "Stolen from Fourth St"}, ["reason.event_number"]),
        ({"event_number": "E260301 and more", "detail": "Stolen from Fourth St"}, ["reason.event_number"]),
        ({"event_number": "E260301", "detail": "Stolen from Fourth St", "joke": "x"}, ["reason.joke"]),
    ],
    ids=["nothing", "blanks", "too short", "too few digits", "more than a number", "no part of the form"],
)
def test_what_is_missing_is_named(values: dict[str, str], fields: list[str]) -> None:
    assert [field for field, _ in missing(values=values)] == fields


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert [field for field, _ in missing(purpose="curiosity", values={})] == [
        "purpose",
        "reason.event_number",
        "reason.detail",
    ]


def test_a_reason_over_several_lines_is_one() -> None:
    assert missing(values={"event_number": " E260301 ", "detail": "Stolen from Fourth St.\nSilver sedan."}) == []
