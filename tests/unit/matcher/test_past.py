"""Which past reads a new entry is compared with, and that a search done again tells nothing twice."""

from datetime import timedelta

import pytest

from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList
from services.matcher.past import hits_in_the_past, worth_a_look
from tests.unit.matcher.events import NOW, WINDOW, a_list, a_read, a_standing, an_entry

HOUR = timedelta(hours=1)
ENTRY = an_entry("7KXR214", starts_at=NOW)
READS = [
    a_read("7KXR214", captured_at=NOW - 20 * HOUR),
    a_read("7KXR214", captured_at=NOW - 20 * HOUR + timedelta(seconds=30)),
    a_read("7KXR2I4", captured_at=NOW - 2 * HOUR),
    a_read("7KXR214", captured_at=NOW - 25 * HOUR),
    a_read("8ABC123", captured_at=NOW - HOUR),
    a_read("7KXR214", captured_at=NOW - HOUR, agency_id="flagstaff"),
    a_read("7KXR214", captured_at=NOW - HOUR, below_threshold=True),
]


def found(*told: HitRaised) -> list[HitRaised]:
    return hits_in_the_past(READS, [ENTRY], told, standing=a_standing(a_list()), window=WINDOW, at=NOW)


def test_what_matched_in_the_hours_that_are_allowed_is_raised_as_of_the_past() -> None:
    hits = found()
    assert [hit.read for hit in hits] == [READS[0], READS[2]]
    assert [[one.read_id for one in hit.sightings] for hit in hits] == [[READS[1].id], []]
    assert all(hit.retroactive for hit in hits)


def test_a_search_broken_off_and_done_again_tells_the_rest_under_the_same_ids() -> None:
    first, second = found()
    assert found(first) == [second]
    assert found(first, second) == []


def test_a_read_that_was_told_live_is_not_told_as_of_the_past() -> None:
    live = hits_in_the_past(READS[2:3], [ENTRY], [], standing=a_standing(a_list()), window=WINDOW, at=NOW)[0]
    assert [hit.read for hit in found(live)] == [READS[0]]


@pytest.mark.parametrize(
    ("entry", "hot_list", "hours"),
    [
        (ENTRY, a_list(retroactive_hours=24), 24),
        (ENTRY, a_list(retroactive_hours=6), 6),
        (ENTRY, a_list(retroactive_hours=0), None),
        (ENTRY, a_list(list_id="ncic"), None),
        (ENTRY, a_list(designations=()), None),
        (an_entry("7KXR214", starts_at=NOW, suspended_at=NOW), a_list(), None),
        (an_entry("7KXR214", starts_at=NOW + HOUR), a_list(), None),
        (an_entry("7KXR214", starts_at=NOW - 26 * HOUR), a_list(), None),
    ],
)
def test_only_an_entry_in_force_whose_agency_allows_it_is_looked_for_in_the_past(
    entry: HotListEntry, hot_list: HotList, hours: int | None
) -> None:
    since = worth_a_look(entry, a_standing(hot_list), NOW)
    assert since == (None if hours is None else entry.starts_at - hours * HOUR)
