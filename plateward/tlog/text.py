"""The words of C2SP's formats: numbers without leading zeroes, standard base64, hashes a line."""

import base64
import binascii
from collections.abc import Iterable

from plateward.tlog.hashing import HASH_BYTES

_DIGITS_MAX = 19
"""Of a number under 2**63."""


class Malformed(ValueError):
    """A text that does not keep to its format; says where."""


def number(text: str, what: str) -> int:
    """A size or an index in ASCII decimal; raises Malformed."""
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS_MAX or text != str(int(text)):
        raise Malformed(f"{what} is no decimal number without leading zeroes")
    return int(text)


def base64_of(content: bytes) -> str:
    """Standard base64 (RFC 4648 §4)."""
    return base64.b64encode(content).decode("ascii")


def bytes_of(text: str, what: str) -> bytes:
    """What is in standard base64; raises Malformed, also where another text would stand for the same bytes."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"{what} is not base64") from error
    if base64_of(content) != text:
        raise Malformed(f"{what} is not canonical base64")
    return content


def hash_of(text: str, what: str) -> bytes:
    """A SHA-256 hash in base64; raises Malformed."""
    content = bytes_of(text, what)
    if len(content) != HASH_BYTES:
        raise Malformed(f"{what} is no hash of {HASH_BYTES} bytes")
    return content


def hash_lines(hashes: Iterable[bytes]) -> str:
    """Hashes, one a line."""
    return "".join(f"{base64_of(one)}\n" for one in hashes)
