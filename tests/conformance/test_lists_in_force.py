"""Which lists and entries match, for how long, for whom, and as what: each agency's rules on its own profile."""

from datetime import timedelta
from typing import Any, get_args

import msgspec
import pytest

from plateward.contracts.hot_list import Category, HotListEntry
from plateward.contracts.lists import HotList, ListDesignation, list_key
from plateward.contracts.sharing import SharingAgreement
from plateward.matching.decision import Allowed, decide
from plateward.matching.in_force import Refusal
from plateward.matching.sharing import Sharing
from plateward.policy.catalogue import load_catalogue
from services.gateway.lists import department_list
from services.matcher.standing import Standing
from tests.unit.matcher.events import NOW, a_grant, a_list, a_read, an_entry

POLICIES = load_catalogue()
HOUR = timedelta(hours=1)


def outcome(
    entry: HotListEntry, hot_list: HotList, *agreements: SharingAgreement, camera_of: str | None = None, after: int = 0
) -> tuple[str, ...] | str:
    """For whom a read of the entry's plate, so many hours after `NOW`, is a hit; or the reason against it."""
    at = NOW + after * HOUR
    read = a_read(entry.plate, agency_id=camera_of or entry.agency_id, captured_at=at)
    lists = {list_key(hot_list.agency_id, hot_list.list_id): hot_list}
    decision = decide(read, entry, lists, Sharing(agreements, at), at)
    return decision.reason if isinstance(decision, Refusal) else decision.agencies


def own_entry(agency: str, **changes: Any) -> HotListEntry:
    lasting: dict[str, Any] = {"source": "department", "expires_at": NOW + 1000 * HOUR, "approved_by": "S. Renner"}
    return an_entry("7KXR214", agency_id=agency, **(lasting | changes))


@pytest.mark.parametrize(
    ("agency", "hours"),
    [
        pytest.param("barstow", 72, marks=pytest.mark.clause("B19")),
        pytest.param("kentucky", 24, marks=pytest.mark.clause("K5")),
        pytest.param("stockton", 24, marks=pytest.mark.clause("S15")),
    ],
)
def test_a_list_that_is_not_refreshed_in_time_matches_nothing_and_says_so(agency: str, hours: int) -> None:
    hot_list, entry = department_list(POLICIES[agency], None, NOW), own_entry(agency)
    assert outcome(entry, hot_list, after=hours - 1) == (agency,)
    assert outcome(entry, hot_list, after=hours) == "list-stale"
    standing = Standing()
    standing.put_list(hot_list)
    assert [one.silent for one in standing.alarms(NOW + (hours - 1) * HOUR)] == [False]
    assert [(one.silent, one.agency_id) for one in standing.alarms(NOW + hours * HOUR)] == [(True, agency)]


@pytest.mark.parametrize(
    ("agency", "hours"),
    [
        pytest.param("barstow", 72, marks=pytest.mark.clause("B19")),
        pytest.param("kentucky", 24, marks=pytest.mark.clause("K5")),
        pytest.param("stockton", 24, marks=pytest.mark.clause("S15")),
    ],
)
def test_a_refresh_has_it_match_again_and_the_newest_statement_holds(agency: str, hours: int) -> None:
    before = department_list(POLICIES[agency], None, NOW)
    refreshed = department_list(POLICIES[agency], before, NOW + hours * HOUR)
    assert outcome(own_entry(agency), refreshed, after=hours) == (agency,)
    assert refreshed.version == before.version, "refreshed is not changed"


@pytest.mark.clause("S19")
@pytest.mark.clause("S21")
@pytest.mark.parametrize("days", [7, 30])
def test_an_entry_ends_with_its_time_whether_or_not_anybody_says_so(days: int) -> None:
    hot_list = msgspec.structs.replace(department_list(POLICIES["stockton"], None, NOW), fresh_for_hours=None)
    entry = own_entry("stockton", expires_at=NOW + timedelta(days=days))
    assert outcome(entry, hot_list, after=24 * days - 1) == ("stockton",)
    assert outcome(entry, hot_list, after=24 * days) == "expired"


@pytest.mark.clause("B20")
def test_a_recovered_vehicles_entry_matches_no_more_and_a_new_one_does() -> None:
    hot_list = department_list(POLICIES["barstow"], None, NOW)
    recovered = own_entry("barstow", suspended_at=NOW, found_by="R. Yazzie")
    assert outcome(recovered, hot_list) == "suspended"
    assert outcome(own_entry("barstow"), hot_list) == ("barstow",)


DESIGNATED = [(agency, one) for agency in POLICIES for one in POLICIES[agency].hot_lists.designations]


@pytest.mark.clause("F2")
@pytest.mark.clause("F7")
@pytest.mark.parametrize(("agency", "designation"), DESIGNATED, ids=lambda one: getattr(one, "list", one))
def test_of_a_list_what_the_agency_has_designated_matches_and_nothing_else(agency: str, designation: object) -> None:
    named = next(one for one in POLICIES[agency].hot_lists.designations if one is designation)
    hot_list = a_list(
        agency,
        named.list,
        designations=(ListDesignation(source=named.source, categories=named.categories),),
        fresh_for_hours=None,
    )
    for category in get_args(Category):
        entry = own_entry(agency, list_id=named.list, source=named.source, category=category)
        expected = (agency,) if category in named.categories else "not-designated"
        assert outcome(entry, hot_list) == expected
    elsewhere = own_entry(agency, list_id=named.list, source="a vendor", category=named.categories[0])
    assert outcome(elsewhere, hot_list) == "not-designated"


@pytest.mark.clause("F7")
def test_a_list_that_is_not_designated_matches_nothing() -> None:
    assert outcome(own_entry("flagstaff", list_id="private"), department_list(POLICIES["flagstaff"], None, NOW)) == (
        "list-unknown"
    )
    profile = POLICIES["flagstaff"]
    none = msgspec.structs.replace(profile, hot_lists=msgspec.structs.replace(profile.hot_lists, designations=()))
    assert outcome(own_entry("flagstaff"), department_list(none, None, NOW)) == "not-designated"


@pytest.mark.clause("S17")
@pytest.mark.parametrize(("of_list", "of_entry"), [("informational", "actionable"), ("actionable", "informational")])
def test_hits_of_an_informational_list_or_entry_are_informational(of_list: str, of_entry: str) -> None:
    hot_list = a_list("stockton", "compiled", grade=of_list)
    entry = own_entry("stockton", list_id="compiled", grade=of_entry)
    lists = {list_key("stockton", "compiled"): hot_list}
    decision = decide(a_read("7KXR214", agency_id="stockton"), entry, lists, Sharing((), NOW), NOW)
    assert isinstance(decision, Allowed)
    assert decision.grade == "informational"


@pytest.mark.clause("S18")
def test_a_departments_list_is_shared_with_nobody_without_an_agreement_that_names_it() -> None:
    hot_list, entry = department_list(POLICIES["stockton"], None, NOW), own_entry("stockton")
    assert outcome(entry, hot_list, camera_of="barstow") == "not-shared"
    unnamed = a_grant("stockton", "barstow", "lists", "hits", "reads", "images")
    assert outcome(entry, hot_list, unnamed, camera_of="barstow") == "not-shared"
    assert outcome(entry, hot_list, unnamed) == ("stockton",), "nor are its hits, which would tell the entry"
    named = msgspec.structs.replace(unnamed, list_ids=("department",))
    assert outcome(entry, hot_list, named, camera_of="barstow") == ("barstow",)
    suspended = msgspec.structs.replace(named, suspended_at=NOW)
    assert outcome(entry, hot_list, suspended, camera_of="barstow") == "not-shared"


@pytest.mark.clause("F18")
def test_a_neighbours_entry_is_a_hit_on_the_own_readers_where_the_neighbour_shares_it() -> None:
    hot_list, entry = department_list(POLICIES["kentucky"], None, NOW), own_entry("kentucky")
    shared = a_grant("kentucky", "flagstaff", "lists", list_ids=("department",))
    assert outcome(entry, hot_list, shared, camera_of="flagstaff") == ("flagstaff",)
    both = (shared, a_grant("flagstaff", "kentucky", "hits"))
    assert outcome(entry, hot_list, *both, camera_of="flagstaff") == ("flagstaff", "kentucky")
    assert outcome(own_entry("flagstaff"), department_list(POLICIES["flagstaff"], None, NOW)) == ("flagstaff",)
