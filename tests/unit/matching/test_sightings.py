"""Records of one hit, merged: the same whichever comes first, however often."""

from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.hits import HitRaised
from plateward.matching.sightings import merged, reads_of, with_sighting
from tests.unit.matcher.events import NOW, a_join, a_read, an_entry

ENTRY = an_entry("7KXR214")
READ = a_read("7KXR214")
(HIT,) = a_join(ENTRY).hits_of(READ, NOW)
PASSES = tuple(a_read("7KXR214", captured_at=NOW + timedelta(seconds=second)) for second in range(5))


def told(passes: list[int], *, retroactive: bool, late: int) -> HitRaised:
    hit = msgspec.structs.replace(HIT, retroactive=retroactive, raised_at=NOW + timedelta(seconds=late))
    for number in passes:
        hit = with_sighting(hit, PASSES[number])
    return hit


TELLINGS = st.builds(
    # What is told live and what is told of the past are never told at the same moment.
    lambda passes, retroactive, late: told(passes, retroactive=retroactive, late=2 * late + retroactive),
    st.lists(st.integers(0, 4), max_size=4),
    st.booleans(),
    st.integers(0, 3),
)


@given(st.lists(TELLINGS, min_size=1, max_size=5), st.randoms())
def test_the_order_of_tellings_and_their_number_change_nothing(tellings: list[HitRaised], random: object) -> None:
    def together(hits: list[HitRaised]) -> HitRaised:
        whole = hits[0]
        for hit in hits[1:]:
            whole = merged(whole, hit)
        return whole

    first = together(tellings)
    assert together([*reversed(tellings), *tellings]) == first
    assert reads_of(first) == frozenset().union(*map(reads_of, tellings))
    assert first.retroactive == all(hit.retroactive for hit in tellings)
    assert list(first.sightings) == sorted(first.sightings, key=lambda one: one.captured_at)


def test_the_hits_own_read_is_no_sighting_of_it() -> None:
    assert with_sighting(HIT, READ) == HIT
