"""Whether a match is a hit, for whom, or why not: a case a reason, and that no combination says two things."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.hot_list import Area, HotListEntry
from plateward.contracts.lists import HotList, ListDesignation, list_key
from plateward.contracts.reads import PlateRead
from plateward.contracts.sharing import SharingAgreement
from plateward.matching.decision import AT_ONCE, Allowed, Decision, decide
from plateward.matching.in_force import Refusal, stale_at
from plateward.matching.sharing import Sharing
from tests.unit.matcher.events import NOW, a_grant, a_list, a_read, an_entry

HOUR = timedelta(hours=1)
READ, ENTRY, LIST = a_read("7KXR214"), an_entry("7KXR214"), a_list()


def decided(
    read: PlateRead, entry: HotListEntry, hot_list: HotList | None = LIST, *agreements: SharingAgreement
) -> Decision:
    lists = {} if hot_list is None else {list_key(hot_list.agency_id, hot_list.list_id): hot_list}
    return decide(read, entry, lists, Sharing(agreements, NOW), NOW)


def why(decision: Decision) -> str | None:
    return decision.reason if isinstance(decision, Refusal) else None


@pytest.mark.parametrize(
    ("entry", "hot_list", "expected"),
    [
        (ENTRY, LIST, None),
        (an_entry("7KXR214", suspended_at=NOW - HOUR, found_by="R. Yazzie"), LIST, "suspended"),
        (an_entry("7KXR214", starts_at=NOW + HOUR), LIST, "not-started"),
        (an_entry("7KXR214", starts_at=NOW), LIST, None),
        (an_entry("7KXR214", expires_at=NOW), LIST, "expired"),
        (an_entry("7KXR214", expires_at=NOW + timedelta(microseconds=1)), LIST, None),
        (ENTRY, None, "list-unknown"),
        (ENTRY, a_list(list_id="ncic"), "list-unknown"),
        (ENTRY, a_list("flagstaff"), "list-unknown"),
        (ENTRY, a_list(designations=()), "not-designated"),
        (ENTRY, a_list(designations=(ListDesignation("NCIC", ("stolen-plate",)),)), "not-designated"),
        (ENTRY, a_list(designations=(ListDesignation("MVD", ("stolen-vehicle",)),)), "not-designated"),
        (ENTRY, a_list(designations=(ListDesignation("NCIC", ("stolen-vehicle",)),)), None),
        (an_entry("7KXR214", approved_by=None), a_list(approval_required=True), "not-approved"),
        (an_entry("7KXR214", approved_by=None), a_list(), None),
        (ENTRY, a_list(approval_required=True), None),
        (ENTRY, a_list(fresh_for_hours=72, refreshed_at=NOW - 72 * HOUR), "list-stale"),
        (ENTRY, a_list(fresh_for_hours=72, refreshed_at=NOW - 72 * HOUR + timedelta(seconds=1)), None),
        (ENTRY, a_list(fresh_for_hours=None, refreshed_at=NOW - 9999 * HOUR), None),
        (an_entry("7KXR214", area=Area(0.0, 0.0, 1000.0)), LIST, "elsewhere"),
    ],
)
def test_an_entry_in_force_is_a_hit_and_any_other_says_why_not(
    entry: HotListEntry, hot_list: HotList | None, expected: str | None
) -> None:
    decision = decided(READ, entry, hot_list)
    assert why(decision) == expected
    if isinstance(decision, Refusal):
        assert decision.sentence.endswith(".")
    else:
        assert (decision.agencies, decision.images_withheld_from) == (("barstow",), ())


@pytest.mark.parametrize(
    ("before", "hours", "expected"),
    [
        (timedelta(0), 0, False),
        (AT_ONCE, 0, False),
        (AT_ONCE + timedelta(seconds=1), 0, "before-entry"),
        (AT_ONCE + timedelta(seconds=1), 1, True),
        (24 * HOUR, 24, True),
        (24 * HOUR + timedelta(seconds=1), 24, "before-entry"),
    ],
)
def test_a_read_from_before_the_entry_is_of_the_past_or_too_old(
    before: timedelta, hours: int, expected: bool | str
) -> None:
    read = a_read("7KXR214", captured_at=ENTRY.starts_at - before)
    decision = decided(read, ENTRY, a_list(retroactive_hours=hours))
    assert (decision.retroactive if isinstance(decision, Allowed) else decision.reason) == expected


@pytest.mark.parametrize("entry_grade", ["actionable", "informational"])
@pytest.mark.parametrize("list_grade", ["actionable", "informational"])
def test_the_weaker_grade_holds(entry_grade: str, list_grade: str) -> None:
    decision = decided(READ, an_entry("7KXR214", grade=entry_grade), a_list(grade=list_grade))
    assert isinstance(decision, Allowed)
    assert decision.grade == max(entry_grade, list_grade)


OURS = an_entry("7KXR214", agency_id="stockton")
STOCKTONS = a_list("stockton")
LISTS = a_grant("stockton", "barstow", "lists", list_ids=("department",))
HITS = a_grant("barstow", "stockton", "hits")
FLORENCES = a_grant("barstow", "florence", "hits")
IMAGES = a_grant("barstow", "stockton", "hits", "images")


@pytest.mark.parametrize(
    ("agreements", "agencies", "withheld"),
    [
        ((), None, None),
        ((LISTS,), ("barstow",), ()),
        ((HITS,), ("stockton",), ("stockton",)),
        ((IMAGES,), ("stockton",), ()),
        ((LISTS, HITS), ("barstow", "stockton"), ("stockton",)),
        ((a_grant("stockton", "barstow", "lists"),), None, None),
        ((a_grant("stockton", "barstow", "lists", list_ids=("ncic",)),), None, None),
        ((a_grant("stockton", "barstow", "reads", list_ids=("department",)),), None, None),
        ((a_grant("barstow", "stockton", "lists", list_ids=("department",)),), None, None),
        (
            (a_grant("stockton", "barstow", "lists", list_ids=("department",), categories=("other",)),),
            None,
            None,
        ),
        ((a_grant("barstow", "stockton", "hits", camera_ids=("main-1",)),), ("stockton",), ("stockton",)),
        ((a_grant("barstow", "stockton", "hits", camera_ids=("main-2",)),), None, None),
        ((a_grant("barstow", "stockton", "hits", suspended_at=NOW),), None, None),
        ((a_grant("barstow", "stockton", "hits", suspended_at=NOW + HOUR),), ("stockton",), ("stockton",)),
        ((a_grant("barstow", "stockton", "hits", ends_at=NOW),), None, None),
        ((a_grant("barstow", "stockton", "hits", starts_at=NOW + HOUR),), None, None),
        # A partner of both: knows the entry and the read.
        (
            (
                a_grant("stockton", "florence", "lists", list_ids=("department",)),
                a_grant("barstow", "florence", "hits"),
            ),
            ("florence",),
            ("florence",),
        ),
        ((a_grant("barstow", "florence", "hits"), HITS), ("stockton",), ("stockton",)),
    ],
)
def test_a_hit_is_theirs_who_may_know_both_of_the_read_and_the_entry(
    agreements: tuple[SharingAgreement, ...], agencies: tuple[str, ...] | None, withheld: tuple[str, ...] | None
) -> None:
    decision = decided(READ, OURS, STOCKTONS, *agreements)
    if agencies is None:
        assert why(decision) == "not-shared"
    else:
        assert isinstance(decision, Allowed)
        assert (decision.agencies, decision.images_withheld_from) == (agencies, withheld)


HOURS = st.integers(-100, 100).map(lambda hours: NOW + hours * HOUR)
ENTRIES = st.builds(
    lambda starts, ends, suspended, approver: an_entry(
        "7KXR214", starts_at=starts, expires_at=ends, suspended_at=suspended, approved_by=approver
    ),
    HOURS,
    HOURS,
    st.none() | HOURS,
    st.sampled_from([None, "A. Lindqvist"]),
)
HOT_LISTS = st.none() | st.builds(
    lambda refreshed, fresh, approval, designated: a_list(
        refreshed_at=refreshed,
        fresh_for_hours=fresh,
        approval_required=approval,
        designations=a_list().designations if designated else (),
    ),
    HOURS,
    st.none() | st.integers(1, 100),
    st.booleans(),
    st.booleans(),
)


@given(ENTRIES, HOT_LISTS)
def test_a_hit_is_exactly_what_nothing_speaks_against(entry: HotListEntry, hot_list: HotList | None) -> None:
    decision = decided(a_read("7KXR214", captured_at=NOW), entry, hot_list)
    speaks_against = (
        entry.suspended_at is not None,
        not entry.starts_at <= NOW < entry.expires_at,
        hot_list is None or not hot_list.designations,
        hot_list is not None and hot_list.approval_required and entry.approved_by is None,
        hot_list is not None and (end := stale_at(hot_list)) is not None and end <= NOW,
    )
    assert isinstance(decision, Allowed) == (not any(speaks_against))


AGENCIES = st.sampled_from(["barstow", "stockton", "florence"])
GRANTS = st.builds(
    lambda grantor, grantee, kinds, lists: a_grant(grantor, grantee, *kinds, list_ids=lists),
    AGENCIES,
    AGENCIES,
    st.sets(st.sampled_from(["lists", "hits", "reads", "images"])).map(sorted),
    st.sampled_from([(), ("department",), ("ncic",)]),
)


@given(AGENCIES, AGENCIES, st.lists(GRANTS, max_size=5))
def test_nobody_sees_a_hit_without_a_grant_of_each_owner(
    camera_owner: str, list_owner: str, grants: list[SharingAgreement]
) -> None:
    read, entry = a_read("7KXR214", agency_id=camera_owner), an_entry("7KXR214", agency_id=list_owner)
    decision = decided(read, entry, a_list(list_owner), *grants)
    seen_by = decision.agencies if isinstance(decision, Allowed) else ()
    for agency in seen_by:
        granted = {(one.grantor, kind) for one in grants if one.grantee == agency for kind in one.data_kinds}
        assert agency == camera_owner or (camera_owner, "hits") in granted
        assert agency == list_owner or (list_owner, "lists") in granted
