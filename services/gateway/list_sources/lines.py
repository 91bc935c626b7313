"""Lines of a file that comes in pieces: each with its number, none lost, however long or garbled it is."""

from collections.abc import Iterable, Iterator
from typing import Literal

from services.gateway.list_sources.faults import Fault
from services.gateway.list_sources.record import NumberedText

LINE_BYTES_MAX = 16_384

Encoding = Literal["utf-8", "latin-1"]

_MARK = b"\xef\xbb\xbf"
"""With which some programs begin a file in UTF-8."""


def lines_of(pieces: Iterable[bytes], encoding: Encoding = "utf-8") -> Iterator[NumberedText]:
    """The lines that hold anything, counted from 1 as an editor counts them; a fault for one that cannot be read."""
    for number, line in enumerate(_cut(pieces), start=1):
        bare = (line.removeprefix(_MARK) if number == 1 else line).strip()
        if bare:
            yield number, _text(bare, encoding)


def _text(line: bytes, encoding: Encoding) -> str | Fault:
    if len(line) > LINE_BYTES_MAX:
        return Fault("line", f"is longer than {LINE_BYTES_MAX} bytes")
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return Fault("line", f"is not in {encoding.upper()}")


def _cut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines as they stand; of one that is too long only so much that this is seen."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > 2 * LINE_BYTES_MAX:
            rest = _shortened(rest)
    if rest:
        yield rest


def _shortened(line: bytes) -> bytes:
    """The beginning of a line that goes on; where it begins with space, that is not what makes it too long."""
    return (line.lstrip() or b" ")[: LINE_BYTES_MAX + 1]
