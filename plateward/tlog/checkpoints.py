"""Checkpoints (C2SP tlog-checkpoint): which log, how long, and the root of its tree."""

from dataclasses import dataclass

from plateward.tlog.notes import SignedNote
from plateward.tlog.text import Malformed, base64_of, hash_of, number


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"


def checkpoint_of(note: SignedNote) -> Checkpoint:
    """What a note says, whoever has signed it; raises Malformed. Lines after the third mean nothing."""
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise Malformed("a checkpoint has three lines or more, none of them empty")
    origin, size, root = lines[:3]
    return Checkpoint(origin, number(size, "the size of the tree"), hash_of(root, "the root of the tree"))
