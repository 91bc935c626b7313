"""The bytes that an access record is hashed as, and signed as."""

import msgspec

from plateward.contracts.access import AccessRecord

_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(record: AccessRecord) -> bytes:
    """The one JSON encoding of a record: keys in the order of their code points, no whitespace, UTF-8.

    It is RFC 8785's, but for keys beyond U+FFFF, which that sorts by their UTF-16 units; the contract's are ASCII.
    Fields that have their default are absent, so that a field added to the contract changes no older record's bytes.
    """
    return _ENCODER.encode(record)
