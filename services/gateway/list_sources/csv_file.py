"""Comma-separated values under a line of headings, in the columns that a mapping names."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain

from services.gateway.list_sources.faults import Fault, Faulty
from services.gateway.list_sources.mapping import ColumnMapping
from services.gateway.list_sources.record import NumberedText, SourceFile, SourceRecord

UNDER_NO_HEADINGS = Fault("line", "stands under headings that cannot be read")


def csv_file(lines: Iterator[NumberedText], mapping: ColumnMapping) -> SourceFile:
    """The lines under the headings; a quoted value ends on its line."""
    first = next(lines, None)
    if first is None:
        return SourceFile((), _no_record)
    at, headings = first
    try:
        columns = _columns(_cells(_read(headings), mapping), mapping)
    except Faulty as faulty:
        return SourceFile(chain([(at, faulty.fault)], ((line, UNDER_NO_HEADINGS) for line, _ in lines)), _no_record)
    return SourceFile(lines, lambda line: _record(line, columns, mapping), _read(headings))


def _read(line: str | Fault) -> str:
    if isinstance(line, Fault):
        raise Faulty(line.field, line.rule)
    return line


def _no_record(_: str) -> SourceRecord:
    raise Faulty(UNDER_NO_HEADINGS.field, UNDER_NO_HEADINGS.rule)


def _record(line: str, columns: dict[str, int], mapping: ColumnMapping) -> SourceRecord:
    cells = _cells(line, mapping)
    if len(cells) <= max(columns.values()):
        raise Faulty("line", "has fewer columns than the headings")
    said = dict(mapping.constants)
    said |= {field: text for field, at in columns.items() if (text := cells[at].strip())}
    for field, words in mapping.values.items():
        if field in said:
            said[field] = words.get(said[field].upper(), said[field])
    if mapping.dates and "expires_at" in said:
        said["expires_at"] = _iso(said["expires_at"], mapping.dates)
    return SourceRecord(**said)


def _cells(line: str, mapping: ColumnMapping) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mapping.delimiter, strict=True), [])
    except csv.Error as error:
        raise Faulty("line", "has a quotation mark that does not end, or ends too early") from error


def _columns(headings: list[str], mapping: ColumnMapping) -> dict[str, int]:
    """The place of each field; raises Faulty where a column is missing or there twice."""
    names = [name.strip() for name in headings]
    for field, column in mapping.columns.items():
        if column not in names and field not in mapping.optional:
            raise Faulty("headings", f"must name the column {column}, which is the {field}")
        if names.count(column) > 1:
            raise Faulty("headings", f"name the column {column} twice")
    return {field: names.index(column) for field, column in mapping.columns.items() if column in names}


def _iso(text: str, form: str) -> str:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC).isoformat()
    except ValueError as error:
        raise Faulty("expires_at", f"must be written as {form}") from error
