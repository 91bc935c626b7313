"""Checking proofs, with nothing but the proof and the roots (RFC 9162 §2.1.3.2 and §2.1.4.2, for RFC 6962's tree)."""

from collections.abc import Sequence

from plateward.tlog.hashing import EMPTY_ROOT, node_hash


class NotProven(Exception):
    """The proof does not prove what it should; says what."""


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Returns where the leaf with this hash is the one at `index` of the tree with this root; raises NotProven."""
    if not 0 <= index < size:
        raise NotProven(f"a tree of {size} leaves has no leaf {index}")
    place, last, joined = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise NotProven("the proof of inclusion is too long")
        if place & 1 or place == last:
            joined = node_hash(sibling, joined)
            place, last = _up_to_a_right_child(place, last)
        else:
            joined = node_hash(joined, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise NotProven("the proof of inclusion is too short")
    if joined != root:
        raise NotProven(f"the record is not record {index} of the tree with this root")


def check_consistency(first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]) -> None:
    """Returns where the first tree is the beginning of the second; raises NotProven."""
    if not 0 <= first <= second:
        raise NotProven(f"a tree of {first} leaves is no beginning of one of {second}")
    if first in (0, second):
        _check_trivial(first, first_root, second, second_root, path)
        return
    # A first tree that is one perfect subtree is itself the proof's first hash, and left out of it.
    hashes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not hashes:
        raise NotProven("the proof of consistency is too short")
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise NotProven("the proof of consistency is too long")
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            place, last = _up_to_a_right_child(place, last)
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise NotProven("the proof of consistency is too short")
    if (old, new) != (first_root, second_root):
        raise NotProven(f"the tree of {first} leaves is not the beginning of the tree of {second}")


def _check_trivial(first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]) -> None:
    if path:
        raise NotProven("the proof of consistency is too long")
    if first == 0 and first_root != EMPTY_ROOT:
        raise NotProven("a tree without leaves has another root")
    if first == second and first_root != second_root:
        raise NotProven(f"two trees of {first} leaves have different roots")


def _up_to_a_right_child(place: int, last: int) -> tuple[int, int]:
    """From a left child at the tree's edge: it has no sibling until the level where it is a right one."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last
