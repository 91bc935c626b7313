"""A source's whole file, record by record: each is known, taken or rejected, and none is lost."""

import hashlib
from collections.abc import Container, Iterable, Iterator

import msgspec

from services.gateway.list_sources.accepting import Accepted, accept
from services.gateway.list_sources.csv_file import csv_file
from services.gateway.list_sources.designated import DesignatedList
from services.gateway.list_sources.faults import Fault, Faulty
from services.gateway.list_sources.json_file import json_file
from services.gateway.list_sources.lines import lines_of
from services.gateway.list_sources.mapping import PLAIN, mapping_of
from services.gateway.list_sources.ncic import ncic_file
from services.gateway.list_sources.record import SourceFile


class Line(msgspec.Struct, frozen=True):
    """What became of a record: an entry, a fault, or nothing to say because it stands on the list just so."""

    number: int
    digest: str | None
    """32 hexadecimal digits, of the text and of all that decides what it means; None where it could not be read."""
    outcome: Accepted | Fault | None


def read(pieces: Iterable[bytes], designated: DesignatedList, known: Container[str] = frozenset()) -> Iterator[Line]:
    """What becomes of each record; one whose digest is known is not looked at. Raises InvalidMapping."""
    file = _opened(pieces, designated)
    meaning = hashlib.blake2b(f"{designated.reading}\n{file.headings}".encode("utf-8", "replace")).digest()
    for number, text in file.texts:
        if isinstance(text, Fault):
            yield Line(number, None, text)
            continue
        digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16, key=meaning).hexdigest()
        yield Line(number, digest, None if digest in known else _outcome(text, file, designated))


def _outcome(text: str, file: SourceFile, designated: DesignatedList) -> Accepted | Fault:
    try:
        return accept(file.parse(text), designated)
    except Faulty as faulty:
        return faulty.fault


def _opened(pieces: Iterable[bytes], designated: DesignatedList) -> SourceFile:
    if designated.format == "ncic":
        return ncic_file(lines_of(pieces))
    if designated.format == "json":
        return json_file(pieces)
    mapping = mapping_of(designated.mapping) if designated.mapping else PLAIN
    return csv_file(lines_of(pieces, mapping.encoding), mapping)


NONE = b"\\N"
COPIED = ("line", "line_digest", "entry_id", "match_key", "digest", "document", "field", "rule")
"""The columns of a copied line."""


def copied(line: Line) -> bytes:
    """A line as a row of PostgreSQL's COPY, in its text form (its manual, COPY, Text Format)."""
    cells = [b"%d" % line.number, line.digest.encode() if line.digest else NONE]
    match line.outcome:
        case None:
            cells += [NONE] * 6
        case Fault(field, rule):
            cells += [NONE, NONE, NONE, NONE, _escaped(field), _escaped(rule)]
        case Accepted(entry_id, key, digest, document):
            cells += [entry_id.hex.encode(), key.encode() if key else NONE, digest.encode()]
            cells += [document.replace(b"\\", b"\\\\"), NONE, NONE]
    return b"\t".join(cells) + b"\n"


def _escaped(text: str) -> bytes:
    plain = text.encode("utf-8", "replace").replace(b"\0", b"?").replace(b"\\", b"\\\\")
    return plain.replace(b"\t", b"\\t").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
