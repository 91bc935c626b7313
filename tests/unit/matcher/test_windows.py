"""Passes of a vehicle by a camera that are one hit, and what a matcher knows of them after a restart."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.matching.sightings import merged, reads_of
from services.matcher.join import Join
from services.matcher.windows import LATE, SIGHTINGS_MAX, TOLD_FOR, SightingWindows
from tests.unit.matcher.events import NOW, WINDOW, a_join, a_list, a_read, a_standing, an_entry

ENTRY = an_entry("7KXR214", expires_at=NOW + timedelta(days=30))


def passes(*seconds: float, **changes: object) -> list[PlateRead]:
    return [a_read("7KXR214", captured_at=NOW + timedelta(seconds=one), **changes) for one in seconds]


def told(join: Join, reads: list[PlateRead], *, retroactive: bool = False) -> list[HitRaised]:
    return [hit for read in reads for hit in join.hits_of(read, NOW, retroactive=retroactive)]


def held(tellings: list[HitRaised]) -> dict[object, HitRaised]:
    """What a consumer has after these tellings."""
    hits: dict[object, HitRaised] = {}
    for hit in tellings:
        hits[hit.id] = merged(hits[hit.id], hit) if hit.id in hits else hit
    return hits


def test_passes_within_the_window_are_one_hit_that_is_told_again() -> None:
    reads = passes(0, 30, 60)
    tellings = told(a_join(ENTRY), reads)
    assert [(hit.id, len(hit.sightings)) for hit in tellings] == [(tellings[0].id, number) for number in range(3)]
    assert tellings[-1].read == reads[0]
    assert [one.read_id for one in tellings[-1].sightings] == [read.id for read in reads[1:]]


def test_a_pass_after_the_window_or_by_another_camera_is_another_hit() -> None:
    assert len(held(told(a_join(ENTRY), passes(0, 61)))) == 2
    assert len(held(told(a_join(ENTRY), passes(0) + passes(1, camera_id="main-2")))) == 2


def test_a_pass_that_comes_late_joins_the_hit_of_its_time() -> None:
    (hit,) = held(told(a_join(ENTRY), passes(30, 0))).values()
    assert len(hit.sightings) == 1


def test_a_whole_plate_is_one_vehicle_however_spelled_and_a_partial_one_as_many_as_were_read() -> None:
    spelled = [a_read("7KXR214"), a_read("7KXR2I4")]
    assert len(held(told(a_join(ENTRY), spelled))) == 1
    others = [a_read("7KXA214"), a_read("7KXB214"), a_read("7KXA2I4")]
    assert len(held(told(a_join(an_entry("7KX?214")), others))) == 2


def test_a_better_reading_and_one_that_contradicts_otherwise_are_hits_of_their_own() -> None:
    entry = an_entry("7KXR214", state="CA", expires_at=NOW + timedelta(days=30))
    weak, sure, weak_again = a_read("7KXR2I4", state="CA"), a_read("7KXR214", state="CA"), a_read("7KXR2I4", state="CA")
    hits = held(told(a_join(entry), [weak, sure, weak_again, a_read("7KXR214", state="NV")])).values()
    assert [(hit.comparison.grade, hit.comparison.contradicted) for hit in hits] == [
        ("confusable", ()),
        ("exact", ()),
        ("exact", ("state",)),
    ]
    assert sum(len(hit.sightings) for hit in hits) == 1


def test_a_changed_entry_is_told_anew_and_nothing_is_added_to_what_others_see() -> None:
    join = a_join(ENTRY)
    first = told(join, passes(0))
    corrected = msgspec.structs.replace(ENTRY, version=2, instructions="Armed.")
    changed = a_join(corrected)
    windows = SightingWindows(WINDOW)
    windows.take(first[0])
    (again,) = told(changed, passes(5))
    assert windows.joined(again) == again


def test_the_same_read_is_told_once_however_often_it_comes() -> None:
    join, reads = a_join(ENTRY), passes(0, 10)
    assert len(told(join, reads)) == 2
    assert told(join, reads) == []


@pytest.mark.parametrize("killed_after", range(5))
def test_after_a_restart_it_goes_on_as_if_nothing_had_been(killed_after: int) -> None:
    """What was told is on the topic; the reads whose offsets were not committed come again."""
    reads = passes(0, 20, 70, 75, 140)
    unbroken = held(told(a_join(ENTRY), reads))

    before = told(a_join(ENTRY), reads[:killed_after])
    windows = SightingWindows(WINDOW)
    for hit in before:
        windows.take(hit)
    again = a_join(ENTRY, windows=windows)
    after = told(again, reads[max(0, killed_after - 2) :])
    assert held(before + after) == unbroken


def test_a_read_of_the_past_is_told_again_when_it_comes_live_and_not_the_other_way_round() -> None:
    join, reads = a_join(ENTRY), passes(0)
    (past,) = told(join, reads, retroactive=True)
    (live,) = told(join, reads)
    assert (past.retroactive, live.retroactive, past.id) == (True, False, live.id)
    assert told(join, reads, retroactive=True) == []


def test_a_live_pass_is_no_sighting_of_a_hit_of_the_past() -> None:
    join = a_join(ENTRY)
    told(join, passes(0), retroactive=True)
    (live,) = told(join, passes(5))
    assert not live.retroactive
    assert live.sightings == ()


def test_a_hit_grows_no_longer_than_it_may() -> None:
    tellings = told(a_join(ENTRY), passes(*range(SIGHTINGS_MAX + 2)))
    assert sorted(len(hit.sightings) for hit in held(tellings).values()) == [0, SIGHTINGS_MAX]


def test_what_no_read_can_belong_to_any_more_is_forgotten() -> None:
    windows = SightingWindows(WINDOW)
    (first,), later = told(a_join(ENTRY), passes(0)), (WINDOW + LATE).total_seconds() + 1
    windows.take(first)
    (second,) = told(a_join(ENTRY), passes(later))
    windows.take(msgspec.structs.replace(second, raised_at=NOW + timedelta(seconds=later)))
    assert len(windows) == 1
    assert windows.joined(first) is None, "it is still known that it was told"
    (third,) = told(a_join(ENTRY), passes(later))
    windows.take(msgspec.structs.replace(third, raised_at=NOW + TOLD_FOR + timedelta(seconds=1)))
    assert windows.joined(first) == first


def test_a_clock_that_runs_ahead_closes_nobodys_window() -> None:
    join = a_join(ENTRY)
    told(join, passes(0) + passes(23 * 3600, camera_id="main-2"))
    (hit,) = told(join, passes(10))
    assert len(hit.sightings) == 1


@given(st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["main-1", "main-2"])), max_size=12))
def test_each_pass_is_of_exactly_one_hit_and_near_its_read(seen: list[tuple[int, str]]) -> None:
    reads = [passes(second, camera_id=camera)[0] for second, camera in seen]
    hits = held(told(a_join(ENTRY), reads)).values()
    assert sorted(one for hit in hits for one in reads_of(hit)) == sorted(read.id for read in reads)
    for hit in hits:
        assert all(abs(one.captured_at - hit.read.captured_at) <= WINDOW for one in hit.sightings)


def test_an_entry_of_no_list_in_force_opens_no_window() -> None:
    entry: HotListEntry = an_entry("7KXR214")
    assert told(a_join(entry, standing=a_standing(a_list(designations=()))), passes(0)) == []
