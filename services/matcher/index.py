"""The hot list as the matcher holds it: every entry by id, and the ids by match key."""

import uuid
from collections.abc import Iterable

from plateward.contracts.hot_list import HotListEntry
from plateward.plates.confusion import match_key


class HotListIndex:
    """All entries that the topic holds. A look-up by match key finds what a reader could have confused."""

    def __init__(self) -> None:
        self._entries: dict[uuid.UUID, HotListEntry] = {}
        self._by_key: dict[bytes, tuple[uuid.UUID, ...]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, entry: HotListEntry) -> None:
        """Adds an entry, or replaces the one of the same id."""
        self.remove(entry.id)
        self._entries[entry.id] = entry
        key = match_key(entry.plate).encode()
        self._by_key[key] = (*self._by_key.get(key, ()), entry.id)

    def remove(self, entry_id: uuid.UUID) -> None:
        """Removes an entry; one that is not there changes nothing."""
        entry = self._entries.pop(entry_id, None)
        if entry is None:
            return
        key = match_key(entry.plate).encode()
        left = tuple(other for other in self._by_key[key] if other != entry_id)
        if left:
            self._by_key[key] = left
        else:
            del self._by_key[key]

    def has(self, key: bytes | None) -> bool:
        """Whether any entry has this match key: if not, the read need not even be decoded."""
        return key in self._by_key

    def with_key(self, key: bytes) -> Iterable[HotListEntry]:
        """The entries with this match key."""
        return (self._entries[entry_id] for entry_id in self._by_key.get(key, ()))
