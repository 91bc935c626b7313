"""Which hashes a proof consists of, and how they are had from whole subtrees (RFC 6962 §2.1.1 and §2.1.2).

A proof is asked for in two steps, so that whoever stores the tree can read all that it needs at once:
`subtrees_of(inclusion_spans(…))` says what to read, `proof_of(…)` makes the proof from it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plateward.tlog.hashing import node_hash


@dataclass(frozen=True, slots=True)
class Span:
    """The leaves from `start` up to, and without, `end`, under one node of the tree."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Subtree:
    """A perfect subtree: 2**height leaves, the first of which is the leaf index * 2**height."""

    height: int
    index: int


def inclusion_spans(index: int, size: int) -> list[Span]:
    """What the inclusion proof of a leaf covers, from its sibling upwards; raises ValueError for no such leaf."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    spans = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(first: int, second: int) -> list[Span]:
    """What the proof that the first tree is the beginning of the second covers; raises ValueError for no such trees."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {first} leaves is no beginning of one of {second}")
    if first in (0, second):
        return []
    spans = []
    start, end = 0, second
    while first < end:
        middle = start + _split(end - start)
        if first <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    # The rest is the first tree's own last subtree; that it is all of the first tree, the verifier knows by itself.
    if start:
        spans.append(Span(start, end))
    return spans[::-1]


def subtrees_of(spans: Iterable[Span]) -> set[Subtree]:
    """All that must be known to prove what covers these spans."""
    return {subtree for span in spans for subtree in _perfect(span)}


def proof_of(spans: Iterable[Span], known: Mapping[Subtree, bytes]) -> tuple[bytes, ...]:
    """The proof: a hash for each span, from the hashes of `subtrees_of` them."""
    return tuple(_joined(span, known) for span in spans)


def _joined(span: Span, known: Mapping[Subtree, bytes]) -> bytes:
    *larger, joined = (known[subtree] for subtree in _perfect(span))
    for left in reversed(larger):
        joined = node_hash(left, joined)
    return joined


def _perfect(span: Span) -> Iterator[Subtree]:
    """The perfect subtrees of a span, from left to right: each is the largest that fits."""
    start = span.start
    while start < span.end:
        height = (span.end - start).bit_length() - 1
        yield Subtree(height, start >> height)
        start += 1 << height


def _split(leaves: int) -> int:
    """How many leaves are under the left node: the largest power of two that is less than all of them."""
    return 1 << (leaves - 1).bit_length() - 1
