"""The index of the hot list, against comparing every entry with every read."""

import uuid
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from plateward.contracts.event import encode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import Candidate, PlateRead
from plateward.plates.comparison import compare
from plateward.plates.confusion import match_key
from plateward.plates.packed_keys import candidate_keys
from services.matcher.index import HotListIndex
from services.matcher.listed import listed
from tests.unit.matcher.events import a_read, an_entry

IDS = [uuid.UUID(int=number << 60) for number in range(6)]
PLATES = st.text("0OI7", min_size=1, max_size=4)
PARTIAL = st.builds(
    lambda known, at, opening: known[:at] + opening + known[at:],
    st.text("0OI7", min_size=3, max_size=4),
    st.integers(0, 4),
    st.sampled_from(["?", "*", "?*", "*?"]),
)
ENTRIES = st.builds(
    lambda entry_id, plate, near_misses: an_entry(plate, id=entry_id, near_misses=near_misses),
    st.sampled_from(IDS),
    PLATES | PARTIAL,
    st.booleans(),
)
READS = st.builds(
    lambda plate, others: a_read(plate, candidates=tuple(Candidate(plate=one, confidence=0.1) for one in others)),
    PLATES,
    st.lists(PLATES, max_size=3),
)


@dataclass(frozen=True)
class Recorded:
    """A read as it is on the topic."""

    key: bytes | None
    headers: list[tuple[str, bytes | None]]


def recorded(read: PlateRead) -> Recorded:
    return Recorded(match_key(read.plate).encode(), [("ce_id", b"1"), *candidate_keys(read)])


def check(index: HotListIndex, entries: dict[uuid.UUID, HotListEntry], reads: list[PlateRead]) -> None:
    assert len(index) == len(entries)
    may_match = set(index.may_match([recorded(read) for read in reads]).tolist())
    for number, read in enumerate(reads):
        found = list(index.considered(read))
        compared = {entry_id: compare(entry, read) for entry_id, entry in entries.items()}
        assert {match.entry.id: match.comparison for match in found} == {
            entry_id: comparison for entry_id, comparison in compared.items() if comparison is not None
        }
        assert len(found) == len({match.entry.id for match in found}), "no entry is there twice"
        assert all(match.entry == entries[match.entry.id] for match in found)
        assert number in may_match or not found, "what is not decoded would have matched nothing"


class IndexAndDictionary(RuleBasedStateMachine):
    """Few ids and few plates, so that entries are replaced, share keys, and change them."""

    def __init__(self) -> None:
        super().__init__()
        self.index = HotListIndex()
        self.entries: dict[uuid.UUID, HotListEntry] = {}

    @rule(entry=ENTRIES)
    def put(self, entry: HotListEntry) -> None:
        self.index.put(entry)
        self.entries[entry.id] = entry

    @rule(entry_id=st.sampled_from(IDS))
    def remove(self, entry_id: uuid.UUID) -> None:
        self.index.remove(entry_id)
        self.entries.pop(entry_id, None)

    @rule(reads=st.lists(READS, max_size=4))
    def look_up(self, reads: list[PlateRead]) -> None:
        check(self.index, self.entries, reads)

    @invariant()
    def holds_as_many(self) -> None:
        assert len(self.index) == len(self.entries)


TestIndexAndDictionary = IndexAndDictionary.TestCase

CHANGES = st.lists(st.tuples(st.sampled_from(IDS), st.none() | ENTRIES), max_size=12)


@given(st.lists(CHANGES, max_size=3), CHANGES, st.lists(READS, max_size=4))
def test_a_list_loaded_at_once_is_the_list_built_change_by_change(
    loaded: list[list[tuple[uuid.UUID, HotListEntry | None]]],
    followed: list[tuple[uuid.UUID, HotListEntry | None]],
    reads: list[PlateRead],
) -> None:
    index = HotListIndex()
    entries: dict[uuid.UUID, HotListEntry] = {}
    load = index.load()
    for batch in loaded:
        put: list[HotListEntry] = []
        for entry_id, entry in batch:
            if entry is not None:
                put.append(entry)
                continue
            load.put([listed(one) for one in put], [encode(one) for one in put])
            put = []
            load.remove(entry_id)
        load.put([listed(one) for one in put], [encode(one) for one in put])
    index.begin_with(load.finish())
    for entry_id, entry in followed:
        index.put(entry) if entry is not None else index.remove(entry_id)
    for entry_id, entry in [change for batch in loaded for change in batch] + followed:
        entries.pop(entry_id if entry is None else entry.id, None)
        if entry is not None:
            entries[entry.id] = entry
    check(index, entries, reads)


def test_no_entry_is_lost_where_the_tables_grow() -> None:
    index = HotListIndex()
    entries = [an_entry(f"A{number:05}", id=uuid.UUID(int=number << 70)) for number in range(3000)]
    for entry in entries:
        index.put(entry)
    for entry in entries[::3]:
        index.remove(entry.id)
    for entry in entries[::6]:
        index.put(entry)
    there = {entry.id: entry for number, entry in enumerate(entries) if number % 3 or number % 6 == 0}
    check(index, there, [a_read(entry.plate) for entry in entries[::100]])
    records = [recorded(a_read(entry.plate)) for entry in entries]
    assert set(index.may_match(records)) == {number for number, one in enumerate(entries) if one.id in there}


@pytest.mark.parametrize("key", [None, b"", b"abc", b"7KXR214 ", b"7KXR214\xff", b"0000000000000000"])
def test_a_record_whose_key_is_no_plates_matches_no_plate(key: bytes | None) -> None:
    index = HotListIndex()
    index.put(an_entry("7KXR214"))
    index.put(an_entry("7KX?"))
    assert not len(index.may_match([Recorded(key, [])]))


@pytest.mark.parametrize(
    "headers", [[], [("candidatekeys", None)], [("candidatekeys", b"1")], [("other", b"12345678")]]
)
def test_a_header_that_is_missing_or_broken_names_no_candidate(headers: list[tuple[str, bytes | None]]) -> None:
    index = HotListIndex()
    index.put(an_entry("7KXR214"))
    assert list(index.may_match([Recorded(b"ABC", headers), Recorded(b"7KXR214", headers)])) == [1]
