"""What finds the entries of many records, taken from them side by side.

Most entries have a whole plate and are found by it alone: of those only id and plate are decoded, and
checked in arrays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from plateward.contracts.event import Value
from plateward.plates.normalise import PLATE_LENGTH_MAX
from services.matcher.packed_batches import Keys, pack_plates

_ID_LENGTH = 36
_FEW = 64
"""What is not worth looking for plain entries in."""

_HYPHENS = (8, 13, 18, 23)
_DIGITS = [place for place in range(_ID_LENGTH) if place not in _HYPHENS]

_IS_DIGIT = np.zeros(256, dtype=np.bool_)
_IS_DIGIT[list(b"0123456789abcdef")] = True


class Record(Protocol):
    """A record of the hot list as a consumer gives it."""

    @property
    def key(self) -> bytes | None:
        """The entry's id."""

    @property
    def value(self) -> bytes | None:
        """The entry; None takes it off the list."""


AnyRecord = TypeVar("AnyRecord", bound=Record)


@dataclass(frozen=True, slots=True)
class Skimmed:
    """For each entry its id in two halves, its packed match key, and its document."""

    high: Keys
    low: Keys
    keys: Keys
    documents: list[bytes]


class _Some(Value, frozen=True, gc=False):
    """These fields of an entry; what they hold is looked at for all records together."""

    id: str
    plate: str
    near_misses: bool = False


_decode = msgspec.json.Decoder(_Some).decode


def stretches(records: Sequence[AnyRecord]) -> Iterator[Skimmed | Sequence[AnyRecord]]:
    """These records in their order: those that can be taken side by side skimmed, the few others as they are."""
    if (skimmed := _skim(records)) is not None:
        yield skimmed
    elif len(records) <= _FEW:
        yield records
    else:
        middle = len(records) // 2
        yield from stretches(records[:middle])
        yield from stretches(records[middle:])


def _skim(records: Sequence[AnyRecord]) -> Skimmed | None:
    """What finds these entries; None where any is none, or is found by more than its plate, or is written oddly."""
    keys = [record.key or b"" for record in records]
    documents = [record.value for record in records if record.value is not None]
    if len(documents) < len(records):
        return None
    try:
        entries = [_decode(document) for document in documents]
        ids = [entry.id.encode() for entry in entries]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    plates = [entry.plate for entry in entries]
    if ids != keys or any(entry.near_misses for entry in entries):
        return None
    if set(map(len, ids)) - {_ID_LENGTH} or max(map(len, plates), default=0) > PLATE_LENGTH_MAX:
        return None
    characters = "".join(plates)
    if not (characters.isascii() and characters.isalnum()):
        return None
    packed, halves = pack_plates(plates), _halves(b"".join(ids))
    if packed is None or halves is None:
        return None
    return Skimmed(halves[:, 0], halves[:, 1], packed, documents)


def _halves(ids: bytes) -> NDArray[np.uint64] | None:
    """Ids that were written one behind the other, as pairs of numbers; None unless all are in their usual form."""
    characters = np.frombuffer(ids, dtype=np.uint8).reshape(-1, _ID_LENGTH)
    if (characters[:, _HYPHENS] != ord("-")).any() or not _IS_DIGIT[characters[:, _DIGITS]].all():
        return None
    return np.frombuffer(bytes.fromhex(ids.decode().replace("-", "")), dtype=">u8").reshape(-1, 2).astype(np.uint64)
