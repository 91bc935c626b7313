"""The parts of a multipart body, in memory: the whole body has been read, and is no larger than may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from services.ingest.refusals import Refused

PARTS_MAX = 20


@dataclass(slots=True)
class _Parts:
    """What the parser has told of so far."""

    parts: dict[str, bytes] = field(default_factory=dict)
    header: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    data: bytearray = field(default_factory=bytearray)
    name: str | None = None

    def begin(self) -> None:
        self.data, self.name = bytearray(), None

    def header_ends(self) -> None:
        if bytes(self.header).lower() == b"content-disposition":
            name = parse_options_header(bytes(self.value))[1].get(b"name", b"")
            self.name = name.decode("utf-8", "replace")
        self.header, self.value = bytearray(), bytearray()

    def end(self) -> None:
        if self.name is None:
            raise Refused("payload", "body", "must name each of its parts")
        if self.name in self.parts or len(self.parts) == PARTS_MAX:
            raise Refused("payload", "body", f"must have at most {PARTS_MAX} parts, each once")
        self.parts[self.name] = bytes(self.data)


def is_multipart(content_type: str) -> bool:
    """Whether the body is in parts."""
    return content_type.lower().lstrip().startswith("multipart/form-data")


def parts_of(content_type: str, body: bytes) -> Mapping[str, bytes]:
    """The parts by their names; raises Refused where the body does not hold them whole."""
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise Refused("payload", "Content-Type", "must name the boundary")
    found = _Parts()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": found.begin,
                "on_header_field": lambda data, start, end: found.header.extend(data[start:end]),
                "on_header_value": lambda data, start, end: found.value.extend(data[start:end]),
                "on_header_end": found.header_ends,
                "on_part_data": lambda data, start, end: found.data.extend(data[start:end]),
                "on_part_end": found.end,
            },
        )
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise Refused("payload", "body", "must be whole multipart/form-data") from error
    return found.parts
