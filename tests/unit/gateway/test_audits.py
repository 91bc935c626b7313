"""Audits: when they are due, and what cannot be written down."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from plateward.contracts.access import Actor
from plateward.policy.catalogue import load_catalogue
from plateward.policy.sampling import Window
from services.gateway.audits.audit import (
    Audit,
    Judgement,
    Sampled,
    Seed,
    Told,
    Verdict,
    what_a_close_lacks,
    what_a_judgement_lacks,
    what_a_review_lacks,
)
from services.gateway.audits.schedule import schedule
from tests.support.access_log import a_look

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
BEGUN = AT - timedelta(days=400)
AUDITOR = Actor(person_id="a", username="rchief", name="R. Chief", title="Chief", agency_id="flagstaff")
WRITER = Actor(person_id="w", username="w", name="W. Writer", title="ALPR Administrator", agency_id="flagstaff")
FOUND = Judgement("within-policy", "", "", AUDITOR, AT)
DRAWN = Audit(
    uuid.uuid4(),
    Window("flagstaff", AT - timedelta(days=180), AT),
    10,
    uuid.uuid4(),
    AUDITOR,
    AT,
    seed=Seed("", 3, bytes(32), 2),
    sample=(Sampled(1, uuid.uuid4(), FOUND), Sampled(2, uuid.uuid4())),
)
JUDGED = replace(DRAWN, sample=(Sampled(1, uuid.uuid4(), FOUND),))
CLOSED = replace(JUDGED, closed=Told(WRITER, AT, "All in order this time."), reviewer="Police Chief")


@pytest.mark.parametrize(("agency", "days"), [("flagstaff", 365), ("barstow", 90), ("kentucky", 30), ("stockton", 90)])
def test_an_audit_is_due_when_the_policy_says_after_the_last(agency: str, days: int) -> None:
    profile, last = load_catalogue()[agency], AT - timedelta(days=days)
    assert schedule(profile, BEGUN, last, AT).due_at == AT
    assert not schedule(profile, BEGUN, last, AT).overdue
    late = schedule(profile, BEGUN, last, AT + timedelta(minutes=1))
    assert (late.overdue, late.overdue_days) == (True, 1)
    assert schedule(profile, BEGUN, last, AT + timedelta(days=3)).overdue_days == 3


def test_the_first_audit_is_due_after_the_agency_began() -> None:
    profile = load_catalogue()["kentucky"]
    assert schedule(profile, BEGUN, None, AT).overdue_days == 370
    assert not schedule(profile, AT, None, AT).overdue


def test_nobody_judges_what_they_asked_themselves() -> None:
    own = a_look(actor=AUDITOR)
    assert [one.field for one in what_a_judgement_lacks(FOUND, own)] == ["verdict"]
    assert what_a_judgement_lacks(FOUND, a_look()) == ()


@pytest.mark.parametrize("verdict", ["violation", "undetermined"])
def test_what_is_not_within_the_policy_is_explained(verdict: Verdict) -> None:
    found = replace(FOUND, verdict=verdict)
    assert [one.field for one in what_a_judgement_lacks(found, a_look())] == ["note"]
    assert what_a_judgement_lacks(replace(found, note="No case of this number"), a_look()) == ()


def test_an_audit_is_closed_when_all_is_judged_and_not_before() -> None:
    said = "All in order this time."
    assert [one.field for one in what_a_close_lacks(DRAWN, said)] == ["audit"]
    assert [one.field for one in what_a_close_lacks(replace(DRAWN, seed=None), said)] == ["audit"]
    assert [one.field for one in what_a_close_lacks(JUDGED, "  ok     ")] == ["statement"]
    assert what_a_close_lacks(JUDGED, said) == ()


def test_who_wrote_the_memorandum_does_not_review_it() -> None:
    said = "Reviewed, to be filed."
    assert [one.field for one in what_a_review_lacks(CLOSED, WRITER, said)] == ["statement"]
    assert [one.field for one in what_a_review_lacks(JUDGED, AUDITOR, said)] == ["audit"]
    assert what_a_review_lacks(CLOSED, AUDITOR, said) == ()


def test_a_memorandum_that_nobody_reviews_is_filed_with_the_close() -> None:
    assert [one.state for one in (replace(DRAWN, seed=None), DRAWN, CLOSED, replace(CLOSED, reviewer=None))] == [
        "waiting",
        "drawn",
        "closed",
        "filed",
    ]
    assert replace(CLOSED, reviewed=Told(AUDITOR, AT, "Reviewed, to be filed.")).state == "filed"
