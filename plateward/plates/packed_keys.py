"""Match keys as whole numbers: five bits a character, the first in the highest place, so that 64 bits hold any.

Packing is one to one: two plates have one packed key exactly when they have one match key. Position by position it can
be masked, shifted and compared, and many of them lie in one array.
"""

from plateward.contracts.envelope import Headers
from plateward.contracts.reads import CANDIDATE_KEYS, PlateRead
from plateward.plates.confusion import match_key
from plateward.plates.likelihood import may_count
from plateward.plates.normalise import PLATE_LENGTH_MAX

BITS = 5
"""Of each character: 0 is none, where a plate has ended."""

SYMBOLS = "".join(sorted({match_key(character) for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}))
"""The characters of match keys; a character's number is its place among them, from 1."""

_DIGITS = "123456789abcdefghijklmnopqrstuv"
_AS_DIGITS = str.maketrans(
    {character: _DIGITS[SYMBOLS.index(match_key(character))] for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
)


def packed_key(plate: str) -> int:
    """The match key of a plate, packed; a match key is its own."""
    return int(plate.translate(_AS_DIGITS).ljust(PLATE_LENGTH_MAX, "0"), 32)


def candidate_keys(read: PlateRead) -> Headers:
    """The header that says which other plates a read may have been; none where there are none."""
    own = packed_key(read.plate)
    others = dict.fromkeys(packed_key(candidate.plate) for candidate in read.candidates if may_count(candidate))
    packed = b"".join(key.to_bytes(8, "big") for key in others if key != own)
    return [(CANDIDATE_KEYS, packed)] if packed else []
