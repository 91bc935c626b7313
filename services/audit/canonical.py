"""The bytes that a record is hashed as, and their hash in the Merkle tree."""

import hashlib

import msgspec

from plateward.contracts.access import AccessRecord

LEAF_PREFIX = b"\x00"
"""Sets a leaf's hash apart from a node's, so that neither can stand for the other (RFC 6962 §2.1)."""

_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(record: AccessRecord) -> bytes:
    """The one JSON encoding of a record: keys in the order of their code points, no whitespace, UTF-8.

    Fields that have their default are absent, so that a field added to the contract changes no older record's bytes.
    """
    return _ENCODER.encode(record)


def leaf_hash(canonical_bytes: bytes) -> bytes:
    """The leaf that these bytes are in the tree: SHA-256 of a zero byte and the bytes (RFC 6962 §2.1)."""
    return hashlib.sha256(LEAF_PREFIX + canonical_bytes).digest()
