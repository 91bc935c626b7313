"""The packed match keys of a batch of records, taken from them without decoding one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from plateward.contracts.reads import CANDIDATE_KEYS
from plateward.plates.confusion import match_key
from plateward.plates.normalise import PLATE_LENGTH_MAX
from plateward.plates.packed_keys import BITS, SYMBOLS

Keys = NDArray[np.uint64]

_NO_SYMBOL = (1 << BITS) - 1
"""What a byte becomes that is in no match key: no entry has it."""

_SYMBOL_OF_BYTE = np.full(256, _NO_SYMBOL, dtype=np.uint64)
_SYMBOL_OF_BYTE[0] = 0
for _character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
    _SYMBOL_OF_BYTE[ord(_character)] = SYMBOLS.index(match_key(_character)) + 1


class Record(Protocol):
    """A record as a consumer gives it."""

    @property
    def key(self) -> bytes | None:
        """The read's match key."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Its headers, that of the candidates last."""


@dataclass(frozen=True, slots=True)
class PackedBatch:
    """For each record its own key; and the keys of all candidates with the places of their records."""

    own: Keys
    candidates: Keys
    records_of_candidates: NDArray[np.intp]


def pack_batch(records: Sequence[Record]) -> PackedBatch:
    """The keys of these records. One without a key, or with none that a plate could have, gets a key of no plate."""
    # Each record is touched once: thousands of them are more than the processor has at hand.
    own, candidates, of_records = [], [], []
    for at, record in enumerate(records):
        own.append(record.key or b"")
        if (headers := record.headers) and headers[-1][0] == CANDIDATE_KEYS:
            packed = headers[-1][1]
            # A header of another length was not packed by us; whoever made it is not refused for it.
            if packed is not None and len(packed) % 8 == 0:
                candidates.append(packed)
                of_records.append(at)
    counts = np.fromiter(map(len, candidates), dtype=np.intp, count=len(candidates)) // 8
    return PackedBatch(
        own=pack_keys(own),
        candidates=np.frombuffer(b"".join(candidates), dtype=">u8").astype(np.uint64),
        records_of_candidates=np.repeat(np.array(of_records, dtype=np.intp), counts),
    )


def pack_keys(plates: Sequence[str] | Sequence[bytes]) -> Keys:
    """Plates, or match keys, as whole numbers, as `plateward.plates.packed_keys` packs one."""
    return _packed(_symbols(plates))


def pack_plates(texts: Sequence[str]) -> Keys | None:
    """The keys of these, ASCII texts of no more than a plate's length; None unless all of them are whole plates."""
    symbols = _symbols(texts)
    ended = symbols[:, :-1] == 0
    if not symbols[:, 0].all() or (symbols == _NO_SYMBOL).any() or (ended & (symbols[:, 1:] != 0)).any():
        return None
    return _packed(symbols)


def _packed(symbols: Keys) -> Keys:
    packed = symbols[:, 0].copy()
    for place in range(1, PLATE_LENGTH_MAX):
        packed <<= np.uint64(BITS)
        packed |= symbols[:, place]
    return packed


def _symbols(plates: Sequence[str] | Sequence[bytes]) -> Keys:
    keys = np.array(plates, dtype=f"S{PLATE_LENGTH_MAX}")
    return _SYMBOL_OF_BYTE[keys.view(np.uint8).reshape(len(keys), PLATE_LENGTH_MAX)]
