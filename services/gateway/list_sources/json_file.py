"""JSON: an object a line, or one array of objects. The fields are ours."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from services.gateway.list_sources.faults import Fault, Faulty
from services.gateway.list_sources.lines import LINE_BYTES_MAX, lines_of
from services.gateway.list_sources.record import NumberedText, SourceFile, SourceRecord

ARRAY_BYTES_MAX = 64 * 1024 * 1024
"""An array has to be read whole; a larger list is sent as an object a line."""

_MARK = b"\xef\xbb\xbf"

_PATH = re.compile(r"^(?P<rule>.*?)(?: - at `\$\.?(?P<field>[^`]*)`)?$", re.DOTALL)

_decode = msgspec.json.Decoder(SourceRecord, strict=True).decode
_array = msgspec.json.Decoder(list[msgspec.Raw]).decode


def json_file(pieces: Iterable[bytes]) -> SourceFile:
    """The objects, numbered by their lines, or by their places in the array."""
    rest = iter(pieces)
    head = _beginning(rest)
    is_array = head.removeprefix(_MARK).lstrip().startswith(b"[")
    together = chain([head], rest)
    return SourceFile(_elements(together) if is_array else lines_of(together), _object)


def _beginning(pieces: Iterator[bytes]) -> bytes:
    """As much as shows whether it is an array."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) > LINE_BYTES_MAX or (len(head) >= len(_MARK) and head.removeprefix(_MARK).strip()):
            break
    return head


def _elements(pieces: Iterable[bytes]) -> Iterator[NumberedText]:
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > ARRAY_BYTES_MAX:
            yield 1, Fault("array", f"is larger than {ARRAY_BYTES_MAX} bytes: send an object a line")
            return
    try:
        elements = [bytes(element).decode() for element in _array(bytes(whole).removeprefix(_MARK))]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield 1, Fault("array", "is no JSON")
        return
    for number, element in enumerate(elements, start=1):
        too_long = len(element) > LINE_BYTES_MAX
        yield number, Fault("object", f"is longer than {LINE_BYTES_MAX} characters") if too_long else element


def _object(text: str) -> SourceRecord:
    try:
        return _decode(text)
    except msgspec.ValidationError as error:
        found = _PATH.match(str(error))
        assert found is not None
        raise Faulty(found["field"] or "object", found["rule"]) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Faulty("object", "is no JSON") from error
