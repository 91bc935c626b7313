"""What a file does to its list, and what is stated of the list after it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.policy.catalogue import load_catalogue
from services.gateway.list_sources.designated import brought_lists
from services.gateway.list_sources.judging import CLOCKS_DIFFER, Standing, judge_read, judge_unread
from services.gateway.list_sources.stating import brought_list, refreshed, under_rules_of_today

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
STANDING = Standing(as_of=AT - timedelta(hours=3), sha256="a", reading="r", entries=100)
POLICIES = load_catalogue()


@pytest.mark.parametrize(
    ("as_of", "sha256", "reading", "verdict"),
    [
        (AT, "b", "r", None),
        (AT, "a", "r", "unchanged"),
        (AT, "a", "another mapping", None),
        (STANDING.as_of, "b", "r", None),
        (STANDING.as_of - timedelta(seconds=1), "a", "r", "refused"),
        (AT + CLOCKS_DIFFER, "b", "r", None),
        (AT + CLOCKS_DIFFER + timedelta(seconds=1), "b", "r", "refused"),
    ],
)
def test_a_file_is_judged_by_its_time_and_its_digest_first(
    as_of: datetime, sha256: str, reading: str, verdict: str | None
) -> None:
    judgement = judge_unread(as_of, sha256, reading, STANDING, AT)
    assert (judgement.verdict if judgement else None) == verdict


def test_the_first_file_of_a_list_is_looked_into_however_old_it_is() -> None:
    assert judge_unread(AT - timedelta(days=900), "a", "r", None, AT) is None


@given(accepted=st.integers(0, 1000), before=st.integers(0, 1000))
def test_whatever_leaves_half_of_a_list_or_less_never_takes_effect_by_itself(accepted: int, before: int) -> None:
    standing = Standing(STANDING.as_of, "a", "r", before)
    verdict = judge_read(accepted, 0, standing, approval_first=False).verdict
    assert (verdict == "replaced") == (accepted > 0 and (before == 0 or 2 * accepted > before))


@pytest.mark.clause("K6")
def test_the_first_file_of_a_special_list_waits_and_later_ones_do_not() -> None:
    assert judge_read(5, 0, None, approval_first=True).verdict == "held"
    assert judge_read(5, 0, None, approval_first=False).verdict == "replaced"
    assert judge_read(100, 0, STANDING, approval_first=True).verdict == "replaced"
    assert brought_lists(POLICIES["kentucky"])["bolo"].special


@pytest.mark.clause("F7")
def test_a_list_is_stated_as_its_agency_designates_it_and_silenced_when_it_does_no_more() -> None:
    profile = POLICIES["flagstaff"]
    designation = brought_lists(profile)["mvd"]
    stated = brought_list(profile, designation, AT)
    assert [(one.source, one.categories) for one in stated.designations] == [
        ("MVD", ("stolen-vehicle", "stolen-plate"))
    ]
    silenced = under_rules_of_today(stated, profile, None)
    assert (silenced.designations, silenced.version, silenced.refreshed_at) == ((), 2, AT)
    assert under_rules_of_today(stated, profile, designation) == stated


@pytest.mark.clause("S17")
def test_a_list_that_informs_is_stated_so() -> None:
    profile = POLICIES["stockton"]
    [compiled] = [one for one in profile.hot_lists.designations if one.list == "compiled"]
    assert brought_list(profile, compiled, AT).grade == "informational"


def test_a_version_is_new_where_entries_or_rules_are() -> None:
    profile = POLICIES["barstow"]
    first = brought_list(profile, brought_lists(profile)["ncic"], AT)
    later = msgspec.structs.replace(first, refreshed_at=AT + timedelta(hours=1))
    assert refreshed(later, first, entries_changed=False).version == 1
    assert refreshed(later, first, entries_changed=True).version == 2
    assert refreshed(msgspec.structs.replace(later, grade="informational"), first, entries_changed=False).version == 2


@pytest.mark.parametrize("agency", POLICIES)
def test_no_file_brings_the_own_list_or_one_that_is_compiled(agency: str) -> None:
    assert brought_lists(POLICIES[agency]).keys().isdisjoint({"department", "compiled"})
