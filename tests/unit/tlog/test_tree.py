"""The tree against RFC 6962's own definitions, and against the roots that Certificate Transparency publishes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.tlog.growing import RightEdge, TileRoot, edge_widths
from plateward.tlog.hashing import EMPTY_ROOT, leaf_hash, perfect_root
from plateward.tlog.proofs import check_consistency, check_inclusion
from plateward.tlog.proving import consistency_spans, inclusion_spans
from tests.unit.tlog import naive
from tests.unit.tlog.trees import consistency, inclusion, records, root_of

PUBLISHED_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
PUBLISHED_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(0, 70) | st.integers(250, 260) | st.integers(510, 530)


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_that_certificate_transparency_publishes(size: int) -> None:
    assert root_of(PUBLISHED_LEAVES[:size]).hex() == PUBLISHED_ROOTS[size]


@given(size=SIZES)
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert root_of(records(size)) == naive.tree_hash(records(size))


@given(batches=st.lists(st.integers(0, 600), max_size=6))
def test_however_it_has_grown_a_tree_is_the_same(batches: list[int]) -> None:
    content = records(sum(batches))
    edge, tiles, start = RightEdge(), list[TileRoot](), 0
    for count in batches:
        tiles += edge.append([leaf_hash(one) for one in content[start : start + count]])
        start += count
    assert edge.size == len(content)
    assert edge.root() == root_of(content)
    assert [(tile.level, tile.index) for tile in tiles] == [(1, index) for index in range(len(content) // 256)]
    for tile in tiles:
        assert tile.hash == naive.tree_hash(content[tile.index * 256 : (tile.index + 1) * 256])


def test_tiles_of_the_second_level_are_made_of_whole_tiles_of_the_first() -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(65_536 + 300)]
    edge = RightEdge()
    tiles = edge.append(leaves[:65_000]) + edge.append(leaves[65_000:])
    assert [(tile.level, tile.index) for tile in tiles if tile.level == 2] == [(2, 0)]
    assert tiles[-1].hash == perfect_root(leaves[:65_536])
    assert [tile.index for tile in tiles if tile.level == 1] == list(range(257))
    assert edge_widths(edge.size) == [44, 1, 1]


@given(size=SIZES, more=st.integers(1, 300))
def test_a_tree_goes_on_from_its_edge(size: int, more: int) -> None:
    content = records(size + more)
    leaves = [leaf_hash(one) for one in content]
    rows = [leaves[size - size % 256 : size], [perfect_root(leaves[start : start + 256]) for start in _whole(size)]]
    edge = RightEdge(size, rows[: len(edge_widths(size))])
    edge.append(leaves[size:])
    assert edge.root() == root_of(content)


def _whole(size: int) -> range:
    return range(0, size - size % 256, 256)


def test_an_edge_of_other_widths_is_none() -> None:
    with pytest.raises(ValueError, match="other widths"):
        RightEdge(3, [[leaf_hash(b"1")]])


def test_a_tree_without_leaves_has_a_root() -> None:
    assert RightEdge().root() == EMPTY_ROOT


@given(size=SIZES.filter(bool), data=st.data())
def test_proofs_are_those_of_the_definitions_and_hold(size: int, data: st.DataObject) -> None:
    content = records(size)
    root = root_of(content)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion(index, content)
    assert list(path) == naive.path(index, content)
    check_inclusion(leaf_hash(content[index]), index, size, path, root)
    first = data.draw(st.integers(1, size))
    proof = consistency(first, content)
    assert list(proof) == naive.consistency(first, content)
    check_consistency(first, root_of(content[:first]), size, root, proof)


def test_any_tree_begins_with_no_leaves() -> None:
    assert consistency(0, records(5)) == ()
    check_consistency(0, EMPTY_ROOT, 5, root_of(records(5)), ())


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_spans(index, size)


@pytest.mark.parametrize(("first", "second"), [(4, 3), (-1, 3)])
def test_there_is_no_proof_from_a_longer_tree(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="no beginning"):
        consistency_spans(first, second)
