"""The index of the hot list, against a plain dictionary that is searched from end to end."""

import uuid

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from plateward.contracts.hot_list import HotListEntry
from plateward.plates.confusion import match_key
from services.matcher.index import HotListIndex
from tests.unit.matcher.events import an_entry

IDS = st.sampled_from([uuid.UUID(int=number) for number in range(6)])
PLATES = st.text("0O1IA", min_size=1, max_size=2)
KEYS = st.builds(lambda plate: match_key(plate).encode(), PLATES)


class IndexAndDictionary(RuleBasedStateMachine):
    """Few ids and few plates, so that entries are replaced, share keys, and change them."""

    def __init__(self) -> None:
        super().__init__()
        self.index = HotListIndex()
        self.entries: dict[uuid.UUID, HotListEntry] = {}

    @rule(entry_id=IDS, plate=PLATES)
    def put(self, entry_id: uuid.UUID, plate: str) -> None:
        entry = an_entry(plate, id=entry_id)
        self.index.put(entry)
        self.entries[entry_id] = entry

    @rule(entry_id=IDS)
    def remove(self, entry_id: uuid.UUID) -> None:
        self.index.remove(entry_id)
        self.entries.pop(entry_id, None)

    @rule(key=KEYS)
    def look_up(self, key: bytes) -> None:
        found = list(self.index.with_key(key))
        searched = [entry for entry in self.entries.values() if match_key(entry.plate).encode() == key]
        assert {entry.id: entry for entry in found} == {entry.id: entry for entry in searched}
        assert len(found) == len(searched), "no entry is there twice"
        assert self.index.has(key) == bool(searched)

    @invariant()
    def holds_as_many(self) -> None:
        assert len(self.index) == len(self.entries)


TestIndexAndDictionary = IndexAndDictionary.TestCase


def test_an_entry_whose_plate_was_corrected_is_found_under_the_new_one_only() -> None:
    index, entry = HotListIndex(), an_entry("AAA111")
    index.put(entry)
    index.put(corrected := an_entry("BBB222", id=entry.id))
    assert not index.has(match_key("AAA111").encode())
    assert list(index.with_key(match_key("BBB222").encode())) == [corrected]


def test_a_record_without_a_key_is_listed_nowhere() -> None:
    index = HotListIndex()
    index.put(an_entry("AAA111"))
    assert not index.has(None)
