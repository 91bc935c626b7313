"""Which hits a read has."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.hits import Agreement, HitRaised, hit_id
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.plates.confusion import match_key
from tests.unit.matcher.events import NOW, a_join, a_read, an_entry


def hits(read: PlateRead, *entries: HotListEntry, at: datetime = NOW) -> list[HitRaised]:
    return a_join(*entries).hits_of(read, at)


def test_a_listed_plate_is_a_hit_with_all_that_is_needed_to_check_it() -> None:
    read, entry = a_read("7KXR214"), an_entry("7KXR214")
    (hit,) = hits(read, entry)
    assert (hit.read, hit.entry, hit.raised_at, hit.agencies) == (read, entry, NOW, ("barstow",))
    assert hit.comparison.grade == "exact"
    assert {one.verdict for one in hit.comparison.characters} == {"agrees"}


def test_a_plate_that_could_be_the_listed_one_is_a_hit_that_says_where() -> None:
    (hit,) = hits(a_read("7KXR2I4"), an_entry("7KXR214"))
    assert hit.comparison.grade == "confusable"
    assert [(one.listed, one.read) for one in hit.comparison.characters if one.verdict == "confusable"] == [("1", "I")]
    assert "differs" not in {one.verdict for one in hit.comparison.characters}


@pytest.mark.parametrize("plate", ["7KXR215", "7KXR21", "7KXR2144", "KXR2147"])
def test_another_plate_is_no_hit(plate: str) -> None:
    assert hits(a_read(plate), an_entry("7KXR214")) == []


@pytest.mark.parametrize(
    ("starts", "ends", "matches"),
    [(-60, 60, True), (0, 60, True), (1, 60, False), (-60, 0, False), (-60, -1, False), (60, 120, False)],
    ids=["in force", "starts now", "not started", "expires now", "expired", "begins tomorrow"],
)
def test_only_an_entry_in_force_matches(starts: int, ends: int, matches: bool) -> None:
    entry = an_entry("A1", starts_at=NOW + timedelta(minutes=starts), expires_at=NOW + timedelta(minutes=ends))
    assert bool(hits(a_read("A1"), entry)) == matches


def test_in_force_is_the_same_by_any_clock() -> None:
    elsewhere = datetime.fromisoformat("2026-03-02T05:00:00-07:00")
    assert elsewhere == NOW
    assert hits(a_read("A1"), an_entry("A1", expires_at=elsewhere)) == []
    assert hits(a_read("A1"), an_entry("A1", expires_at=NOW + timedelta(seconds=1)), at=elsewhere)


@pytest.mark.parametrize("plate", ["7KXR214", "7KXR2I4"])
def test_an_agency_never_learns_of_anothers_read(plate: str) -> None:
    assert hits(a_read(plate, agency_id="flagstaff"), an_entry("7KXR214")) == []


@pytest.mark.parametrize(
    ("listed", "read", "agreement"),
    [("CA", "CA", "agrees"), ("CA", "NV", "contradicts"), ("CA", None, "unknown"), (None, "NV", "unknown")],
)
def test_a_state_never_keeps_a_hit_back_but_is_compared(
    listed: str | None, read: str | None, agreement: Agreement
) -> None:
    """A reader's state of issue is the least sure of what it sees; a dispatcher decides."""
    (hit,) = hits(a_read("A1", state=read), an_entry("A1", state=listed))
    assert hit.comparison.state == agreement


def test_every_entry_that_matches_is_a_hit_of_its_own() -> None:
    read = a_read("AB0")
    entries = [an_entry("AB0"), an_entry("ABO"), an_entry("A8D"), an_entry("AB1")]
    entries.append(an_entry("AB0", agency_id="florence"))
    assert {hit.entry.id: hit.comparison.grade for hit in hits(read, *entries)} == {
        entries[0].id: "exact",
        entries[1].id: "confusable",
        entries[2].id: "confusable",
    }


def test_the_same_read_and_entry_are_the_same_hit_whenever_they_are_matched() -> None:
    read, entry = a_read("A1"), an_entry("A1")
    (first,), (again,) = hits(read, entry), hits(read, entry, at=NOW + timedelta(minutes=5))
    assert first.id == again.id == hit_id(read.id, entry.id)


PLATES = st.text("0OB8A", min_size=1, max_size=3)
TIMES = st.integers(-2, 2).map(lambda hours: NOW + timedelta(hours=hours))
ENTRIES = st.builds(
    lambda plate, agency, starts, ends: an_entry(plate, agency_id=agency, starts_at=starts, expires_at=ends),
    PLATES,
    st.sampled_from(["barstow", "florence"]),
    TIMES,
    TIMES,
)


@given(PLATES, st.lists(ENTRIES, max_size=6))
def test_the_hits_are_those_of_a_search_from_end_to_end(plate: str, entries: list[HotListEntry]) -> None:
    read = a_read(plate)
    expected = {
        hit_id(read.id, entry.id)
        for entry in entries
        if entry.agency_id == "barstow"
        and match_key(entry.plate) == match_key(plate)
        and entry.starts_at <= NOW < entry.expires_at
    }
    found = [hit.id for hit in hits(read, *entries)]
    assert set(found) == expected
    assert len(found) == len(expected)
