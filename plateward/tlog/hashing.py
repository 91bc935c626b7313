"""The hashes of the tree (RFC 6962 §2.1): SHA-256, with leaves and nodes set apart by their first byte."""

import hashlib
from collections.abc import Sequence

HASH_BYTES = 32

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(content: bytes) -> bytes:
    """The leaf that these bytes are in the tree."""
    return hashlib.sha256(_LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above these two."""
    return hashlib.sha256(_NODE + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The node above hashes of one height; there must be 1, 2, 4, 8, … of them."""
    while len(hashes) > 1:
        # Written out, since it is run once for each record that is appended.
        hashes = [
            hashlib.sha256(_NODE + hashes[place] + hashes[place + 1]).digest() for place in range(0, len(hashes), 2)
        ]
    return hashes[0]
