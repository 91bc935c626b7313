"""What a written request must name, which way it goes, and which step may follow which: each agency's own rules."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from plateward.policy.catalogue import load_catalogue
from services.gateway.people import Person
from services.gateway.releases.request import (
    NewRelease,
    Package,
    Release,
    ReleaseRefused,
    decided,
    handed_over,
    packed_as,
    received,
    require_packing,
    what_a_request_lacks,
)

POLICIES = load_catalogue()
AT = datetime(2026, 11, 14, 9, tzinfo=UTC)
WHY = "A lawful purpose, checked by telephone"
REQUEST = NewRelease(
    kind="law-enforcement",
    agency="Coconino County Sheriff",
    person="T. Begay",
    purpose="A burglary of 12 November",
    letter="Letter of 14 November",
    plate="AB0123",
)
OTHERS = ("court-order", "public-records", "subject", "media")


def a_person(agency: str, title: str) -> Person:
    return Person(uuid.uuid4(), "somebody", "S. Renner", title, agency)


def lacking(owner: str, **changes: Any) -> set[str]:
    return {one.field for one in what_a_request_lacks(replace(REQUEST, **changes), POLICIES[owner])}


def a_release(agency: str, **changes: Any) -> Release:
    by = a_person(agency, "Officer")
    return received(replace(REQUEST, **changes), "2026-0001", POLICIES[agency], by, AT)


def decide(release: Release, title: str, *, agreed: bool = True, statement: str = WHY) -> Release:
    by = a_person(release.agency_id, title)
    return decided(release, POLICIES[release.agency_id], by, agreed=agreed, statement=statement, at=AT)


def a_package(by: Person) -> Package:
    return Package(
        sha256="ab" * 32,
        signer="cd" * 32,
        search_id=uuid.uuid4(),
        reads=2,
        made_by=by.actor,
        made_at=AT,
        expires_at=AT + timedelta(hours=24),
    )


@pytest.mark.parametrize("agency", list(POLICIES))
def test_a_whole_request_of_a_police_agency_is_taken_everywhere(agency: str) -> None:
    assert lacking(agency) == set()
    assert lacking(agency, letter=" ") == {"letter"}
    assert lacking(agency, plate="") == {"asked_for"}
    assert lacking(agency, plate="", asked_for="All reads of the burglary") == set()
    assert lacking(agency, kind="neighbour") == {"kind"}
    assert lacking(agency, captured_from=AT) == {"captured_until"}
    assert lacking(agency, captured_from=AT, captured_until=AT) == {"captured_until"}
    assert lacking(agency, purpose="\0") == {"purpose"}


@pytest.mark.clause("B15")
@pytest.mark.parametrize(
    ("field", "asked_by"), [("agency", set(POLICIES)), ("person", {"barstow"}), ("purpose", {"barstow"})]
)
def test_a_request_names_what_the_policy_says(field: str, asked_by: set[str]) -> None:
    assert {agency for agency in POLICIES if lacking(agency, **{field: " "})} == asked_by


@pytest.mark.parametrize(
    ("agency", "partner"),
    [("barstow", True), ("florence", True), ("flagstaff", False), ("kentucky", False), ("stockton", False)],
)
def test_a_prosecutor_is_a_partner_where_the_policy_says_so(agency: str, partner: bool) -> None:
    assert lacking(agency, kind="prosecutorial") == (set() if partner else {"kind"})


def test_a_court_order_is_named_and_other_requests_name_a_person() -> None:
    assert lacking("flagstaff", kind="court-order") == {"authority"}
    assert lacking("flagstaff", kind="court-order", authority="CR-2026-118, Superior Court") == set()
    assert lacking("flagstaff", kind="media", agency="", purpose="") == set()
    assert lacking("flagstaff", kind="subject", person="") == {"person"}


@pytest.mark.parametrize(
    ("agency", "kind", "title", "may"),
    [
        pytest.param("barstow", "law-enforcement", "Watch Commander", True, marks=pytest.mark.clause("B15")),
        pytest.param(
            "barstow", "law-enforcement", "Operations Division Commander", True, marks=pytest.mark.clause("B15")
        ),
        pytest.param("barstow", "law-enforcement", "Sergeant", False, marks=pytest.mark.clause("B15")),
        pytest.param("barstow", "public-records", "Custodian of Records", True, marks=pytest.mark.clause("B15")),
        pytest.param("barstow", "public-records", "Watch Commander", False, marks=pytest.mark.clause("B15")),
        pytest.param("flagstaff", "public-records", "ALPR Administrator", True, marks=pytest.mark.clause("F25")),
        pytest.param("flagstaff", "media", "Sergeant", False, marks=pytest.mark.clause("F25")),
        pytest.param("kentucky", "law-enforcement", "Custodian of Records", True, marks=pytest.mark.clause("K17")),
        pytest.param("kentucky", "subject", "Custodian of Records", True, marks=pytest.mark.clause("K17")),
        pytest.param("kentucky", "subject", "Chief", False, marks=pytest.mark.clause("K17")),
        pytest.param("stockton", "law-enforcement", "Lieutenant", True, marks=pytest.mark.clause("S14")),
        pytest.param("stockton", "law-enforcement", "Detective", False, marks=pytest.mark.clause("S14")),
        ("florence", "law-enforcement", "Lieutenant", True),
        ("florence", "court-order", "Custodian of Records", True),
        ("florence", "court-order", "Lieutenant", False),
    ],
)
def test_who_decides_is_whom_the_policy_names_for_the_track(agency: str, kind: str, title: str, may: bool) -> None:
    release = a_release(agency, kind=kind)
    if may:
        assert decide(release, title).state == "approved"
        return
    with pytest.raises(ReleaseRefused, match="is made by"):
        decide(release, title)


@pytest.mark.clause("K17")
@pytest.mark.parametrize("kind", ["law-enforcement", *OTHERS])
def test_kentuckys_requests_go_to_the_custodian_at_once(kind: str) -> None:
    assert a_release("kentucky", kind=kind).forwarded_to == "Custodian of Records"


@pytest.mark.clause("S14")
def test_stocktons_requests_from_outside_the_network_go_to_the_administrator() -> None:
    assert a_release("stockton").forwarded_to == "Lieutenant"
    assert a_release("stockton", kind="public-records").forwarded_to == "the ALPR Administrator"


@pytest.mark.clause("F25")
@pytest.mark.parametrize("kind", OTHERS)
def test_others_than_agencies_go_a_track_of_their_own(kind: str) -> None:
    release = a_release("flagstaff", kind=kind)
    assert (release.track, a_release("flagstaff").track) == ("others", "agency")
    assert "by applicable law and policies" in release.forwarded_to


def test_a_decision_is_made_once_and_says_why() -> None:
    release = a_release("stockton")
    for statement in ("", "no", "too short", "ten letters\0"):
        with pytest.raises(ReleaseRefused):
            decide(release, "Lieutenant", statement=statement)
    refused = decide(release, "Lieutenant", agreed=False)
    assert (refused.state, refused.version) == ("refused", 2)
    with pytest.raises(ReleaseRefused, match="is made: refused"):
        decide(refused, "Lieutenant")


def test_nothing_is_packed_that_is_not_approved_and_nothing_handed_over_that_is_not_packed() -> None:
    lieutenant = a_person("stockton", "Lieutenant")
    release = a_release("stockton")
    approved, refused = decide(release, "Lieutenant"), decide(release, "Lieutenant", agreed=False)
    for early in (release, refused, approved):
        with pytest.raises(ReleaseRefused):
            handed_over(early, lieutenant, to="T. Begay", how="in person", at=AT)
    for not_yet in (release, refused):
        with pytest.raises(ReleaseRefused):
            require_packing(not_yet, ("stockton",))
    require_packing(approved, ("stockton",))
    with pytest.raises(ReleaseRefused, match="which their owner releases"):
        require_packing(approved, ("barstow", "stockton"))
    packed = packed_as(approved, a_package(lieutenant))
    with pytest.raises(ReleaseRefused):
        handed_over(packed, lieutenant, to=" ", how="in person", at=AT)
    done = handed_over(packed, lieutenant, to=" T. Begay ", how="in person", at=AT)
    assert (done.state, done.handed_to, done.version) == ("handed-over", "T. Begay", 4)
    with pytest.raises(ReleaseRefused):
        require_packing(done, ("stockton",))
    assert msgspec.convert(msgspec.to_builtins(done), Release) == done
