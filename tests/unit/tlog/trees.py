"""Trees to test with."""

from plateward.tlog.growing import RightEdge
from plateward.tlog.hashing import leaf_hash, perfect_root
from plateward.tlog.proving import Span, Subtree, consistency_spans, inclusion_spans, proof_of, subtrees_of


def records(count: int) -> list[bytes]:
    return [f"record {number}".encode() for number in range(count)]


def root_of(content: list[bytes]) -> bytes:
    edge = RightEdge()
    edge.append([leaf_hash(one) for one in content])
    return edge.root()


def inclusion(index: int, content: list[bytes]) -> tuple[bytes, ...]:
    return _proof(inclusion_spans(index, len(content)), content)


def consistency(first: int, content: list[bytes]) -> tuple[bytes, ...]:
    return _proof(consistency_spans(first, len(content)), content)


def _proof(spans: list[Span], content: list[bytes]) -> tuple[bytes, ...]:
    def hash_of(subtree: Subtree) -> bytes:
        start, end = subtree.index << subtree.height, (subtree.index + 1) << subtree.height
        return perfect_root([leaf_hash(one) for one in content[start:end]])

    return proof_of(spans, {subtree: hash_of(subtree) for subtree in subtrees_of(spans)})
