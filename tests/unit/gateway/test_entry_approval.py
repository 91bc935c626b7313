"""Who decides on an entry: each agency's chain, by the title of whoever asks; and what a renewal lacks."""

import uuid
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from plateward.contracts.hot_list import HotListEntry
from plateward.policy.catalogue import load_catalogue
from services.gateway.entries.approval import Decided, EntryRequest, approved_entry, decided, what_bars_deciding
from services.gateway.entries.approvals import what_a_renewal_lacks
from services.gateway.entries.new_entry import as_entry, requester_title, what_an_entry_lacks
from services.gateway.people import Person
from tests.unit.gateway.entries import AT, a_new_entry

POLICIES = load_catalogue()
DAY = timedelta(days=1)
YES, NO = Decided(agreed=True), Decided(agreed=False, statement="no case of ours")
STANDS_IN = Decided(agreed=True, unreachable="in court until noon")


def a_person(agency: str, title: str, name: str = "S. Renner") -> Person:
    return Person(uuid.uuid4(), "renner", name, title, agency)


def asked(agency: str, title: str, **changes: Any) -> tuple[EntryRequest, HotListEntry, Person]:
    """A request of somebody of this title, its entry, and who asks."""
    enterer = a_person(agency, title, "D. Okafor")
    entry = as_entry(a_new_entry(), enterer, AT, awaits_approval=True)
    request = EntryRequest(
        id=uuid.uuid4(),
        entry_id=entry.id,
        agency_id=agency,
        kind="entry",
        asked_by=enterer.actor,
        requester_title=title,
        asked_at=AT,
        expires_at=entry.expires_at,
    )
    return request, msgspec.structs.replace(entry, **changes), enterer


def barred(agency: str, requester: str, approver: str, said: Decided = YES) -> list[str]:
    request, entry, _ = asked(agency, requester)
    rules = POLICIES[agency].custom_entries
    return [one.field for one in what_bars_deciding(request, entry, a_person(agency, approver), rules, said, AT)]


@pytest.mark.parametrize(
    ("agency", "requester", "approver", "said", "lacks"),
    [
        ("barstow", "Patrol Officer", "Operations Division Commander", YES, []),
        ("barstow", "Patrol Officer", "Administrative Division Commander", YES, ["unreachable"]),
        ("barstow", "Patrol Officer", "Administrative Division Commander", STANDS_IN, []),
        ("barstow", "Patrol Officer", "Chief of Police", STANDS_IN, []),
        ("barstow", "Patrol Officer", "Sergeant", STANDS_IN, ["approval"]),
        ("barstow", "Patrol Officer", "Watch Commander", STANDS_IN, ["approval"]),
        ("barstow", "Detective", "Administrative Division Commander", YES, []),
        ("barstow", "Detective", "Operations Division Commander", YES, ["unreachable"]),
        ("barstow", "Detective Sergeant", "Operations Division Commander", STANDS_IN, []),
        ("barstow", "Detective", "Operations Division Commander", NO, []),
        ("barstow", "Detective", "Operations Division Commander", Decided(agreed=False), ["statement"]),
        ("flagstaff", "Officer", "Sergeant", YES, []),
        ("flagstaff", "Officer", "Police Chief", YES, []),
        ("flagstaff", "Officer", "Detective", YES, ["approval"]),
        ("flagstaff", "Sergeant", "Sergeant", YES, ["approval"]),
        ("flagstaff", "Sergeant", "Lieutenant", YES, []),
        ("flagstaff", "Division Commander", "Lieutenant", YES, ["approval"]),
        ("flagstaff", "Police Chief", "Division Commander", YES, []),
        ("kentucky", "Patrol Officer", "ALPR Administrator", YES, []),
        ("kentucky", "Patrol Officer", "Chief", YES, []),
        ("kentucky", "Detective", "Sergeant", YES, ["approval"]),
    ],
)
def test_the_chain_of_the_requesters_title_decides(
    agency: str, requester: str, approver: str, said: Decided, lacks: list[str]
) -> None:
    assert barred(agency, requester, approver, said) == lacks


@pytest.mark.parametrize(("agency", "title"), [("stockton", "Officer"), ("florence", "Sergeant")])
def test_where_the_policy_names_nobody_nothing_is_asked_for(agency: str, title: str) -> None:
    assert POLICIES[agency].custom_entries.chain_of(title) is None


def test_nobody_approves_what_is_their_own_by_whomever_it_was_entered() -> None:
    request, entry, enterer = asked("flagstaff", "Officer")
    rules = POLICIES["flagstaff"].custom_entries
    promoted = Person(enterer.id, "okafor", "D. Okafor", "Lieutenant", "flagstaff")
    asks_through_another = a_person("flagstaff", "Lieutenant", "a. lindqvist ")
    for person in (promoted, asks_through_another):
        (one,) = what_bars_deciding(request, entry, person, rules, YES, AT)
        assert "of their own" in one.rule


def test_a_request_is_decided_once_and_lapses_with_its_entry() -> None:
    request, entry, _ = asked("flagstaff", "Officer")
    rules, sergeant = POLICIES["flagstaff"].custom_entries, a_person("flagstaff", "Sergeant")
    done = decided(request, sergeant, YES, AT)
    assert (done.state(AT), request.state(AT), request.state(entry.expires_at)) == ("approved", "waiting", "lapsed")
    assert [one.rule for one in what_bars_deciding(done, entry, sergeant, rules, YES, AT)] == ["is approved"]
    late = what_bars_deciding(request, entry, sergeant, rules, YES, entry.expires_at)
    assert [one.rule for one in late] == ["is lapsed"]
    found = msgspec.structs.replace(entry, suspended_at=AT)
    assert what_bars_deciding(request, found, sergeant, rules, YES, AT)


def test_an_approved_entry_names_who_approved_it_and_begins_then() -> None:
    request, entry, _ = asked("barstow", "Detective")
    commander = a_person("barstow", "Administrative Division Commander")
    approved = approved_entry(entry, request, commander, AT + DAY)
    assert approved.approved_by == "S. Renner, Administrative Division Commander"
    assert (approved.approved_at, approved.starts_at, approved.awaits_approval) == (AT + DAY, AT + DAY, False)
    assert (approved.version, approved.expires_at) == (entry.version + 1, request.expires_at)


def test_the_chain_is_of_whoever_asks_and_not_of_who_types() -> None:
    sergeant = a_person("barstow", "Sergeant", "J. Hartley")
    assert requester_title(a_new_entry(requester_title="Detective"), sergeant) == "Detective"
    assert requester_title(a_new_entry(), sergeant) == "Sergeant"
    own = a_new_entry(requested_by="j. hartley", requester_title="Patrol Officer")
    assert requester_title(own, sergeant) == "Sergeant", "nobody picks the chain for their own"


def lacking(agency: str, **changes: Any) -> list[str]:
    return sorted(one.field for one in what_an_entry_lacks(a_new_entry(**changes), POLICIES[agency], AT))


@pytest.mark.parametrize(
    ("agency", "asked_for"),
    [
        ("barstow", ["case_number", "contact", "reason", "requested_by"]),
        ("flagstaff", ["case_number", "contact", "reason", "requested_by"]),
        ("florence", ["case_number", "contact", "reason", "requested_by"]),
        ("kentucky", ["case_number", "reason", "requested_by"]),
        ("stockton", ["case_number", "contact", "reason"]),
    ],
)
def test_an_entry_says_what_its_agencys_policy_asks_for(agency: str, asked_for: list[str]) -> None:
    nothing = {"case_number": "", "reason": "", "requested_by": "", "contact": " "}
    assert lacking(agency, **nothing) == asked_for


def test_stocktons_plate_for_one_officer_needs_less_than_one_for_more() -> None:
    assert lacking("stockton", case_number="", distribution=("chen",)) == []
    assert lacking("stockton", case_number="", distribution=("chen", "vargas")) == ["case_number"]
    assert lacking("stockton", case_number="", distribution=()) == ["case_number"], "everybody is more than one"


@pytest.mark.parametrize("category", ["stolen-vehicle", "stolen-plate", "felony-vehicle", "amber-alert"])
@pytest.mark.parametrize("agency", list(POLICIES))
def test_an_entry_ends_within_the_days_of_its_category(agency: str, category: Any) -> None:
    days = POLICIES[agency].custom_entries.lasts_days(category)
    assert days == (7 if agency == "stockton" and category != "amber-alert" else 30)
    assert lacking(agency, category=category, expires_at=AT + days * DAY) == []
    assert lacking(agency, category=category, expires_at=AT + days * DAY + timedelta(seconds=1)) == ["expires_at"]


def test_a_renewal_is_of_an_entry_in_force_says_why_and_keeps_to_the_days() -> None:
    rules = POLICIES["stockton"].custom_entries
    _, waiting, enterer = asked("stockton", "Officer")
    entry = as_entry(a_new_entry(), enterer, AT, awaits_approval=False)

    def lacks(entry: HotListEntry, days: int = 7, statement: str = "seen again on Sunday", after: int = 1) -> list[str]:
        at = AT + after * DAY
        return [one.field for one in what_a_renewal_lacks(entry, at + days * DAY, statement, rules, at)]

    assert lacks(entry) == []
    assert lacks(entry, days=8) == ["expires_at"]
    assert lacks(entry, statement=" ") == ["statement"]
    assert lacks(entry, statement="\0") == ["statement"]
    assert lacks(entry, after=8) == ["expires_at"]
    assert lacks(waiting) == ["expires_at"]
    assert lacks(msgspec.structs.replace(entry, suspended_at=AT)) == ["expires_at"]


def test_a_title_that_the_policy_does_not_know_is_no_requesters() -> None:
    assert lacking("barstow", requester_title="Janitor") == ["requester_title"]
