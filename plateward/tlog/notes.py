"""Signed notes (C2SP signed-note): a text, an empty line, and lines of signatures."""

import unicodedata
from dataclasses import dataclass

from plateward.tlog.text import Malformed, base64_of, bytes_of

SIGNATURES_MAX = 32
"""More lines than that are nobody's honest note."""

_DASH = "\u2014 "
_KEY_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Signature:
    """One line: who is said to have signed, with which key, and the signature in that key's own form."""

    name: str
    key_id: bytes
    content: bytes

    def line(self) -> str:
        """The line as it stands under the note."""
        return f"{_DASH}{self.name} {base64_of(self.key_id + self.content)}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text that ends in a newline, and the signatures under it, none of which has been checked."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)

    def with_signature(self, *more: Signature) -> "SignedNote":
        """The same note, signed by more."""
        return SignedNote(self.text, (*self.signatures, *more))


def parse_note(note: str) -> SignedNote:
    """The note in this text; raises Malformed."""
    if any(character < " " and character != "\n" for character in note):
        raise Malformed("a note has no control characters")
    text, separator, lines = note.rpartition("\n\n")
    if not separator:
        raise Malformed("a note has an empty line before its signatures")
    return SignedNote(text + "\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """The signatures in these lines, of which there must be one; raises Malformed."""
    if not lines.endswith("\n"):
        raise Malformed("each signature is a whole line")
    separate = lines[:-1].split("\n")
    if len(separate) > SIGNATURES_MAX:
        raise Malformed(f"a note has at most {SIGNATURES_MAX} signatures")
    return tuple(_signature(line) for line in separate)


def check_name(name: str) -> str:
    """The name of a key, as it is; raises Malformed where it is none."""
    if not name or "+" in name or any(unicodedata.category(one)[0] in "ZC" for one in name):
        raise Malformed("the name of a key is empty, or has a space or a plus sign")
    return name


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise Malformed("a signature is a line of a dash, a name and base64")
    content = bytes_of(encoded, "a signature")
    if len(content) <= _KEY_ID_BYTES:
        raise Malformed("a signature is longer than the id of its key")
    return Signature(check_name(name), content[:_KEY_ID_BYTES], content[_KEY_ID_BYTES:])
