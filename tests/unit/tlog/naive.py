"""RFC 6962's definitions, written down as they stand there: slow, and independent of what is tested."""

import hashlib


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def tree_hash(d: list[bytes]) -> bytes:
    """MTH, section 2.1."""
    if not d:
        return hashlib.sha256().digest()
    if len(d) == 1:
        return hashlib.sha256(b"\0" + d[0]).digest()
    k = split(len(d))
    return hashlib.sha256(b"\1" + tree_hash(d[:k]) + tree_hash(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    """PATH, section 2.1.1."""
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return [*path(m, d[:k]), tree_hash(d[k:])]
    return [*path(m - k, d[k:]), tree_hash(d[:k])]


def consistency(m: int, d: list[bytes]) -> list[bytes]:
    """PROOF, section 2.1.2."""
    return _subproof(m, d, True)


def _subproof(m: int, d: list[bytes], complete: bool) -> list[bytes]:
    if m == len(d):
        return [] if complete else [tree_hash(d)]
    k = split(len(d))
    if m <= k:
        return [*_subproof(m, d[:k], complete), tree_hash(d[k:])]
    return [*_subproof(m - k, d[k:], False), tree_hash(d[:k])]
