"""No browsing without a purpose and a reason that the agency's policy accepts: each form of each policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from plateward.policy.catalogue import load_catalogue
from tests.support.gateway_at_work import Console
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

CATALOGUE = load_catalogue()
TOLD = "a grey saloon left the car park of the station without lights"
"""A description that is long enough everywhere, and that must be found nowhere but in the record."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A form filled in as the policy asks, and for some of its fields what is not good enough."""

    agency: str
    form: str
    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.agency}-{self.form}"


F17 = (
    Accepted(
        "flagstaff", "event", {"event_number": "E2601234", "detail": TOLD}, {"event_number": "1234", "detail": "theft"}
    ),
    Accepted(
        "flagstaff", "dr", {"dr_number": "2026-01234", "detail": TOLD}, {"dr_number": "january", "detail": "theft"}
    ),
    Accepted(
        "flagstaff", "aoa", {"agency": "Sedona PD", "their_number": "S-26-17"}, {"agency": "PD", "their_number": "#?"}
    ),
    Accepted("flagstaff", "aoa-described", {"agency": "Sedona PD", "detail": TOLD}, {"detail": "they have asked us"}),
    Accepted(
        "flagstaff", "badge", {"badge_number": "4711", "detail": TOLD}, {"badge_number": "A4711", "detail": "patrol"}
    ),
)
K19 = (
    Accepted("kentucky", "case", {"case_number": "26-0417"}, {"case_number": "417"}),
    Accepted("kentucky", "incident", {"incident_number": "I-26-99"}, {"incident_number": "no number"}),
    Accepted("kentucky", "written", {"detail": TOLD}, {"detail": "suspicious car"}),
)
B4 = (
    Accepted(
        "barstow", "case", {"case_number": "26-001234", "detail": TOLD}, {"case_number": "001234", "detail": "theft"}
    ),
    Accepted("barstow", "administrative", {"action_number": "IA-26-3", "detail": TOLD}, {"detail": "an inquiry"}),
)
L7 = (
    Accepted("florence", "case", {"case_number": "26-0417", "detail": TOLD}, {"case_number": "17", "detail": "theft"}),
    Accepted("florence", "administrative", {"detail": TOLD}, {"detail": "an inquiry"}),
)
STOCKTON = (
    Accepted("stockton", "dr", {"dr_number": "DR26-01234", "synopsis": TOLD}, {"dr_number": "DR", "synopsis": "theft"}),
    Accepted(
        "stockton", "call", {"call_number": "C-26-881", "synopsis": TOLD}, {"call_number": "C", "synopsis": "call"}
    ),
)
FORMS = [
    *(pytest.param(one, id=str(one), marks=[pytest.mark.clause("F17"), pytest.mark.clause("F26")]) for one in F17),
    *(pytest.param(one, id=str(one), marks=pytest.mark.clause("K19")) for one in K19),
    *(pytest.param(one, id=str(one), marks=pytest.mark.clause("B4")) for one in B4),
    *(pytest.param(one, id=str(one), marks=pytest.mark.clause("L7")) for one in L7),
    *(pytest.param(one, id=str(one)) for one in STOCKTON),
]


async def errors_of(console: Console, reason: Mapping[str, Any]) -> dict[str, str]:
    """What a search for this reason lacks, by field; empty when it is answered."""
    answer = await console.http.post("/v1/searches", json=console.search("7KXR214", reason=reason))
    if answer.is_success:
        return {}
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert TOLD not in answer.text
    assert "7KXR214" not in answer.text
    return {error["field"]: error["rule"] for error in answer.json()["errors"]}


def test_each_form_of_each_policy_is_tried() -> None:
    tried = {(one.agency, one.form) for one in (*F17, *K19, *B4, *L7, *STOCKTON)}
    assert tried == {(profile.id, form.id) for profile in CATALOGUE.values() for form in profile.reasons.forms}


@pytest.mark.parametrize("accepted", FORMS)
async def test_a_form_is_accepted_as_its_policy_asks_and_only_so(
    consoles: Mapping[str, Console], access_tape: TopicTape, accepted: Accepted
) -> None:
    console = consoles[accepted.agency]
    reason = {"purpose": "stolen-vehicle", "form": accepted.form, "values": dict(accepted.values)}
    labels = {
        field.name: field.label
        for form in CATALOGUE[accepted.agency].reasons.forms
        if form.id == accepted.form
        for field in form.fields
    }
    for name in accepted.values:
        for empty in ({}, {name: ""}, {name: " \t\n "}):
            values = {other: text for other, text in accepted.values.items() if other != name} | empty
            errors = await errors_of(console, reason | {"values": values})
            assert set(errors) == {f"reason.{name}"}
            assert errors[f"reason.{name}"].startswith(f"{labels[name]} is missing")
        if name in accepted.wrong:
            errors = await errors_of(console, reason | {"values": {**accepted.values, name: accepted.wrong[name]}})
            assert set(errors) == {f"reason.{name}"}
            assert errors[f"reason.{name}"].startswith(labels[name])
    assert await errors_of(console, reason | {"values": {**accepted.values, "other": TOLD}}) == {
        "reason.other": f"is no part of the form {accepted.form}"
    }
    assert await access_tape.accesses() == [], "what is refused asks nothing"
    assert await errors_of(console, reason) == {}
    asked, _ = await access_tape.accesses()
    assert asked.reason.values == accepted.values


@pytest.mark.clause("F17")
@pytest.mark.clause("K19")
@pytest.mark.parametrize("agency", CATALOGUE)
async def test_without_a_form_of_the_policy_nothing_is_searched(consoles: Mapping[str, Console], agency: str) -> None:
    profile = CATALOGUE[agency]
    for form in ("", "trust-me", "CASE"):
        errors = await errors_of(consoles[agency], {"purpose": "stolen-vehicle", "form": form, "values": {}})
        assert set(errors) == {"reason.form"}
        assert all(one.id in errors["reason.form"] for one in profile.reasons.forms)
        assert profile.reasons.section in errors["reason.form"]
    answer = await consoles[agency].http.post("/v1/searches", json=consoles[agency].search(reason=None))
    assert {error["field"] for error in answer.json()["errors"]} == {"body.reason"}


def prohibited() -> list[Any]:
    clauses = {"flagstaff": "F11", "kentucky": "K14"}
    return [
        pytest.param(
            profile.id,
            purpose.id,
            marks=pytest.mark.clause(clauses[profile.id]) if profile.id in clauses else (),
        )
        for profile in CATALOGUE.values()
        for purpose in profile.purposes.prohibited
    ]


@pytest.mark.parametrize(("agency", "purpose"), prohibited())
async def test_a_prohibited_purpose_is_refused_whatever_the_reason(
    consoles: Mapping[str, Console], access_tape: TopicTape, agency: str, purpose: str
) -> None:
    profile, good = CATALOGUE[agency], consoles[agency].search()["reason"]
    assert await errors_of(consoles[agency], good | {"purpose": purpose}) == {
        "purpose": f"{purpose} is prohibited by {profile.policy} ({profile.purposes.section})"
    }
    assert await access_tape.accesses() == []


@pytest.mark.clause("F11")
def test_flagstaff_prohibits_immigration_enforcement() -> None:
    assert "immigration-enforcement" in {purpose.id for purpose in CATALOGUE["flagstaff"].purposes.prohibited}


@pytest.mark.clause("K14")
def test_kentucky_prohibits_what_its_policy_lists() -> None:
    assert {purpose.id for purpose in CATALOGUE["kentucky"].purposes.prohibited} == {
        "invasion-of-privacy",
        "harassment",
        "protected-characteristic",
        "personal-use",
        "first-amendment",
    }


@pytest.mark.clause("F5")
@pytest.mark.parametrize("agency", CATALOGUE)
async def test_a_purpose_that_the_policy_does_not_name_is_refused(consoles: Mapping[str, Console], agency: str) -> None:
    good = consoles[agency].search()["reason"]
    for purpose in ("", "curiosity", "Stolen-Vehicle"):
        errors = await errors_of(consoles[agency], good | {"purpose": purpose})
        assert set(errors) == {"purpose"}
        assert all(allowed.id in errors["purpose"] for allowed in CATALOGUE[agency].purposes.allowed)
