"""The hot list as the matcher holds it: which entries could be a read's, known for most reads without decoding them."""

import uuid
from collections.abc import Iterator, Sequence

import numpy as np
import structlog
from numpy.typing import NDArray

from plateward.contracts.event import ContractError, decode, encode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.plates.comparison import compare
from plateward.plates.likelihood import may_count
from plateward.plates.packed_keys import packed_key
from services.matcher.documents import Documents, DocumentsInMemory
from services.matcher.listed import Listed, listed
from services.matcher.loading import HotListLoad, Loaded
from services.matcher.match import Match
from services.matcher.near_misses import NearMisses
from services.matcher.packed_batches import PackedBatch, Record, pack_batch
from services.matcher.partial_plates import PartialPlates
from services.matcher.rows import Rows

log = structlog.get_logger("plateward.matcher")


class HotListIndex:
    """All entries that the topic holds, in force or not, 60 bytes each beside their documents."""

    def __init__(self, documents: Documents | None = None) -> None:
        self._documents = documents or DocumentsInMemory()
        self._rows = Rows()
        self._partial_plates, self._near_misses = PartialPlates(), NearMisses()
        self._special: dict[int, Listed] = {}
        """The entries of the last two, by row: what is to be taken out again is known by its plate."""

    def __len__(self) -> int:
        return len(self._rows)

    def load(self) -> HotListLoad:
        """What takes in a whole list at once, for `begin_with`."""
        return HotListLoad(self._documents)

    def begin_with(self, loaded: Loaded) -> None:
        """Has the index, which is empty, hold what was loaded."""
        self._rows = Rows(loaded.columns)
        for row, entry in loaded.special.items():
            self._enrol(row, entry)

    def put(self, entry: HotListEntry, document: bytes | None = None) -> None:
        """Adds an entry, or replaces the one of the same id. Its document is made here where the caller has none."""
        self.remove(entry.id)
        (place,) = self._documents.keep([document or encode(entry)])
        what = listed(entry)
        self._enrol(self._rows.add(entry.id, what.key, int(place)), what)

    def remove(self, entry_id: uuid.UUID) -> None:
        """Removes an entry; one that is not there changes nothing."""
        row = self._rows.with_id(entry_id)
        if row is None:
            return
        special = self._special.pop(row, None)
        if special is not None and special.is_partial:
            self._partial_plates.remove(row, special.plate)
        elif special is not None:
            self._near_misses.remove(row, special.key)
        self._documents.forget(self._rows.place(row))
        self._rows.remove(row)

    def may_match(self, records: Sequence[Record]) -> NDArray[np.intp]:
        """Which of these records of reads could match any entry, by their keys alone: the others need no decoding."""
        return self._may_match(pack_batch(records))

    def considered(self, read: PlateRead) -> Iterator[Match]:
        """Every entry whose plate could be the read's, and how; in no order, each once."""
        for row in self._rows_for(read):
            entry = self._entry(row)
            comparison = compare(entry, read) if entry is not None else None
            if entry is not None and comparison is not None:
                yield Match(entry, comparison)

    def _entry(self, row: int) -> HotListEntry | None:
        """An entry whole; None where a whole list was loaded and this was never one. It was refused when it was put."""
        try:
            return decode(self._documents.read(self._rows.place(row)), HotListEntry)
        except ContractError as reason:
            log.warning("entry.refused", reason=str(reason))
            return None

    def _may_match(self, batch: PackedBatch) -> NDArray[np.intp]:
        found = self._rows.may_have(batch.own)
        found |= self._partial_plates.may_have(batch.own)
        found |= self._near_misses.may_have(batch.own)
        found[batch.records_of_candidates[self._rows.may_have(batch.candidates)]] = True
        return np.flatnonzero(found)

    def _rows_for(self, read: PlateRead) -> set[int]:
        own = packed_key(read.plate)
        keys = {own, *(packed_key(one.plate) for one in read.candidates if may_count(one))}
        rows = {row for key in keys for row in self._rows.with_key(key)}
        return rows | set(self._partial_plates.rows(own)) | set(self._near_misses.rows(own))

    def _enrol(self, row: int, entry: Listed) -> None:
        """Adds what is found by more than its key to where it is found."""
        if entry.is_partial:
            self._partial_plates.add(row, entry.plate)
        elif entry.near_misses:
            self._near_misses.add(row, entry.key)
        else:
            return
        self._special[row] = entry
