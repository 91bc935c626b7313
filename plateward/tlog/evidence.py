"""What is handed from hand to hand: one record's proof of inclusion, and two checkpoints' proof of consistency.

The first has the form of C2SP's tlog-proof, the second that of the request to a witness (tlog-witness).
"""

from dataclasses import dataclass
from typing import Self

from plateward.tlog.notes import SignedNote, parse_note
from plateward.tlog.text import Malformed, base64_of, bytes_of, hash_lines, hash_of, number

PROOF_HASHES_MAX = 63

_PROOF_HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class InclusionEvidence:
    """That a record is in the log: its place, the proof, the checkpoint; and the record, where it comes along."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: SignedNote
    record: bytes | None = None

    def __str__(self) -> str:
        extra = "" if self.record is None else f"extra {base64_of(self.record)}\n"
        return f"{_PROOF_HEAD}\n{extra}index {self.index}\n{hash_lines(self.path)}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The evidence in this text; raises Malformed."""
        lines, note = _before_the_checkpoint(text)
        if not lines or lines.pop(0) != _PROOF_HEAD:
            raise Malformed(f"a proof begins with the line {_PROOF_HEAD}")
        record = None
        if lines and lines[0].startswith("extra "):
            record = bytes_of(lines.pop(0).removeprefix("extra "), "the extra data")
        index = _numbered(lines, "index")
        return cls(index, _hashes(lines), parse_note(note), record)


@dataclass(frozen=True, slots=True)
class ConsistencyEvidence:
    """That the tree of `old_size` leaves is the beginning of the checkpoint's tree."""

    old_size: int
    path: tuple[bytes, ...]
    checkpoint: SignedNote

    def __str__(self) -> str:
        return f"old {self.old_size}\n{hash_lines(self.path)}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The evidence in this text; raises Malformed."""
        lines, note = _before_the_checkpoint(text)
        old_size = _numbered(lines, "old")
        return cls(old_size, _hashes(lines), parse_note(note))


def _before_the_checkpoint(text: str) -> tuple[list[str], str]:
    head, separator, note = text.partition("\n\n")
    if not separator:
        raise Malformed("a proof has an empty line before its checkpoint")
    return head.split("\n"), note


def _numbered(lines: list[str], word: str) -> int:
    if not lines or not lines[0].startswith(f"{word} "):
        raise Malformed(f"a proof has a line that says its {word}")
    return number(lines.pop(0).removeprefix(f"{word} "), word)


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > PROOF_HASHES_MAX:
        raise Malformed(f"a proof has at most {PROOF_HASHES_MAX} hashes")
    return tuple(hash_of(line, "a line of the proof") for line in lines)
