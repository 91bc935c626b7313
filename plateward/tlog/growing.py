"""A tree that grows: its right edge is all that appending, and the root, need to know.

The tree is cut into tiles as C2SP's tlog-tiles has it: a tile is 256 hashes of one level, and each hash of level L + 1
is the root of a whole tile of level L. What is not yet a whole tile is the edge: at most 255 hashes a level.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plateward.tlog.hashing import EMPTY_ROOT, node_hash, perfect_root

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


@dataclass(frozen=True, slots=True)
class TileRoot:
    """The hash of a whole tile, at its place in the level above that tile: level 1 and higher."""

    level: int
    index: int
    hash: bytes


class RightEdge:
    """The hashes of each level that no whole tile holds yet."""

    def __init__(self, size: int = 0, rows: Iterable[Sequence[bytes]] = ()) -> None:
        """The edge of a tree of `size` leaves: for each level its last hashes, as many as `edge_widths` says.

        Raises ValueError where they are not so many.
        """
        self._size = size
        self._rows = [list(row) for row in rows]
        if [len(row) for row in self._rows] != edge_widths(size):
            raise ValueError(f"the edge of a tree of {size} leaves has other widths")

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    def append(self, leaves: Iterable[bytes]) -> list[TileRoot]:
        """Appends leaves by their hashes; gives the roots of the tiles that this makes whole."""
        completed: list[TileRoot] = []
        incoming, level, before = list(leaves), 0, self._size
        self._size += len(incoming)
        while incoming:
            if level == len(self._rows):
                self._rows.append([])
            first_tile = before >> TILE_HEIGHT * (level + 1)
            row = self._rows[level] + incoming
            whole = len(row) - len(row) % TILE_WIDTH
            incoming = [perfect_root(row[start : start + TILE_WIDTH]) for start in range(0, whole, TILE_WIDTH)]
            self._rows[level] = row[whole:]
            level += 1
            completed += [TileRoot(level, first_tile + place, root) for place, root in enumerate(incoming)]
        return completed

    def root(self) -> bytes:
        """The root of the tree (RFC 6962 §2.1): perfect subtrees, the smaller ones to the right, joined from there."""
        joined: bytes | None = None
        for row in self._rows:
            end = len(row)
            while end:
                width = end & -end
                subtree = perfect_root(row[end - width : end])
                joined = subtree if joined is None else node_hash(subtree, joined)
                end -= width
        return EMPTY_ROOT if joined is None else joined


def edge_widths(size: int) -> list[int]:
    """How many hashes the edge of a tree of this size has on each level, level 0 first."""
    widths = []
    while size:
        widths.append(size % TILE_WIDTH)
        size >>= TILE_HEIGHT
    return widths
