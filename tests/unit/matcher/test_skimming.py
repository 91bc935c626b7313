"""Entries taken side by side, against taking them one by one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from plateward.contracts.event import encode
from plateward.contracts.hot_list import HotListEntry
from plateward.plates.packed_keys import packed_key
from services.matcher.skimming import Skimmed, stretches
from tests.unit.matcher.events import an_entry


@dataclass(frozen=True)
class Recorded:
    """A record of the hot list."""

    key: bytes | None
    value: bytes | None


def recorded(entry: HotListEntry) -> Recorded:
    return Recorded(str(entry.id).encode(), encode(entry))


def some(count: int) -> list[HotListEntry]:
    return [an_entry(f"7KX{number}", id=uuid.uuid4()) for number in range(count)]


def ids(skimmed: Skimmed) -> list[uuid.UUID]:
    halves = zip(skimmed.high.tolist(), skimmed.low.tolist(), strict=True)
    return [uuid.UUID(int=high << 64 | low) for high, low in halves]


def test_plain_entries_are_taken_side_by_side() -> None:
    entries = [*some(200), an_entry("0", id=uuid.UUID(int=1)), an_entry("ABCDEFGHIJKL", id=uuid.UUID(int=1 << 127))]
    (skimmed,) = stretches([recorded(entry) for entry in entries])
    assert isinstance(skimmed, Skimmed)
    assert ids(skimmed) == [entry.id for entry in entries]
    assert skimmed.keys.tolist() == [packed_key(entry.plate) for entry in entries]
    assert skimmed.documents == [encode(entry) for entry in entries]


ENTRY = an_entry("7KXR214")
KEY = str(ENTRY.id).encode()

ODD = {
    "a tombstone": Recorded(KEY, None),
    "no JSON": Recorded(KEY, b"{"),
    "no entry": Recorded(KEY, b"[]"),
    "without an id": Recorded(KEY, b'{"plate":"7KXR214"}'),
    "without a key": Recorded(None, encode(ENTRY)),
    "under another key": Recorded(str(uuid.uuid4()).encode(), encode(ENTRY)),
    "an id in capitals": Recorded(KEY, encode(ENTRY).replace(KEY, KEY.upper())),
    "an id in capitals under its key": Recorded(KEY.upper(), encode(ENTRY).replace(KEY, KEY.upper())),
    "an id without hyphens": Recorded(KEY[:8] + b"0" + KEY[9:], encode(ENTRY).replace(KEY, KEY[:8] + b"0" + KEY[9:])),
    "an id that is too long": Recorded(KEY + b"0", encode(ENTRY).replace(KEY, KEY + b"0")),
    "an id that is half a character": Recorded(KEY, encode(ENTRY).replace(KEY, b"\\ud800")),
    "a partial plate": recorded(an_entry("7KX*")),
    "a near miss": recorded(an_entry("7KXR214", near_misses=True)),
    "an empty plate": Recorded(KEY, encode(ENTRY).replace(b'"7KXR214"', b'""')),
    "small letters": Recorded(KEY, encode(ENTRY).replace(b"7KXR214", b"7kxr214")),
    "a plate that is too long": Recorded(KEY, encode(ENTRY).replace(b"7KXR214", b"7KXR214000000")),
    "a plate of another script": Recorded(KEY, encode(ENTRY).replace(b"7KXR214", "7KXR21٤".encode())),
    "a plate with a gap": Recorded(KEY, encode(ENTRY).replace(b"7KXR214", b"7KX\\u0000214")),
    "a plate with an end": Recorded(KEY, encode(ENTRY).replace(b"7KXR214", b"7KXR214\\u0000")),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_what_is_no_plain_entry_is_left_to_be_looked_at_by_itself(odd: Recorded) -> None:
    before, after = [[recorded(entry) for entry in some(150)] for _ in range(2)]
    found = list(stretches([*before, odd, *after]))
    taken, left = in_order(found)
    assert odd in left
    assert len(left) <= 64
    assert sorted([*taken, *(one.value or b"" for one in left)]) == sorted(
        one.value or b"" for one in [*before, odd, *after]
    )


def in_order(found: Sequence[Skimmed | Sequence[Recorded]]) -> tuple[list[bytes], list[Recorded]]:
    """The documents that were skimmed, and the records that were left."""
    skimmed = [document for one in found if isinstance(one, Skimmed) for document in one.documents]
    left = [record for one in found if not isinstance(one, Skimmed) for record in one]
    return skimmed, left


def test_the_order_of_the_records_stays() -> None:
    records = [recorded(entry) for entry in some(300)]
    records[100] = Recorded(records[100].key, None)
    told: list[bytes | None] = []
    for one in stretches(records):
        told += one.documents if isinstance(one, Skimmed) else [record.value for record in one]
    assert told == [record.value for record in records]
