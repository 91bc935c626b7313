"""Reports of any other device, by a mapping file that says which part of them is what."""

import csv
import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.ingest.edge.documents import json_document, picture_in
from services.ingest.edge.edge_read import READS_MAX, EdgeRead, Picture, after_epoch, described, share, tidy
from services.ingest.edge.mapping import CapturedAt, EdgeMapping
from services.ingest.refusals import Refused

SOURCE = "edge:mapped"

_TEXT_MAX = 200

# Pictures are fields as well; how long a report is has been seen to before.
csv.field_size_limit(2**31 - 1)

_EPOCH_UNITS_MS = {"epoch-ms": 1.0, "epoch-s": 1000.0}


def edge_reads(mapping: EdgeMapping, data: bytes) -> list[EdgeRead]:
    """The reads in these bytes; raises Refused."""
    found = _rows(mapping, data) if mapping.format == "csv" else _objects(mapping, data)
    if len(found) > READS_MAX:
        raise Refused("payload", "body", f"must have at most {READS_MAX} reads")
    return [_Part(one, field, mapping.format == "json").read(mapping) for field, one in found]


def _rows(mapping: EdgeMapping, data: bytes) -> list[tuple[str, Any]]:
    """The rows, each by the line's number; the first line names the columns."""
    try:
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
        lines = csv.DictReader(text, delimiter=mapping.delimiter, strict=True)
        return [(f"row {lines.line_num}", row) for row in lines]
    except UnicodeDecodeError as error:
        raise Refused("payload", "body", "must be UTF-8") from error
    except csv.Error as error:
        raise Refused("payload", "body", "must be CSV with a line that names the columns") from error


def _objects(mapping: EdgeMapping, data: bytes) -> list[tuple[str, Any]]:
    document, path = json_document(data), mapping.reads or ""
    found = _at(document, path) if path else document
    if found is None:
        raise Refused("payload", path, "must be there")
    if isinstance(found, list):
        return [(f"{path}[{place}]", one) for place, one in enumerate(found)]
    return [(path, found)]


def _at(document: Any, path: str) -> Any:
    """What lies at the end of a path; None where it breaks off."""
    for step in path.split("."):
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and step.isdecimal() and len(step) < 6 and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document


class _Part:
    """One read's part of a report."""

    def __init__(self, document: Any, field: str, nested: bool) -> None:
        self._document, self._field, self._nested = document, field, nested

    def read(self, mapping: EdgeMapping) -> EdgeRead:
        """The read; raises Refused."""
        event = self._word(mapping.event)
        return EdgeRead(
            field=self._name(mapping.plate),
            plate=self._required(mapping.plate),
            confidence=self._confidence(mapping),
            captured_at=self._time(mapping.captured_at),
            names=(event,) if event else (),
            joins_near=event is None,
            region=self._state(mapping.state),
            vehicle=described(
                make=self._word(mapping.make),
                model=self._word(mapping.model),
                colour=self._word(mapping.colour),
                kind=self._word(mapping.kind),
            ),
            direction=tidy(self._word(mapping.direction) or ""),
            plate_picture=self._picture(mapping.plate_image),
            scene_picture=self._picture(mapping.scene_image),
        )

    def _name(self, path: str) -> str:
        return f"{self._field}.{path}".lstrip(".")

    def _value(self, path: str) -> Any:
        if self._nested:
            return _at(self._document, path)
        return self._document.get(path)

    def _text(self, path: str | None, longest: int | None = _TEXT_MAX) -> str | None:
        """A text or a number as text; None when it is not there or is empty."""
        value = None if path is None else self._value(path)
        if value is None or value == "":
            return None
        assert path is not None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Refused("payload", self._name(path), "must be a text or a number")
        text = str(value)
        if longest is not None and len(text) > longest:
            raise Refused("payload", self._name(path), f"must have at most {longest} characters")
        return text

    def _word(self, path: str | None) -> str | None:
        return self._text(path)

    def _state(self, path: str | None) -> str | None:
        """Two letters alone are a state of the United States: who writes a mapping knows that the column holds them."""
        state = self._word(path)
        return f"us-{state.strip()}" if state and len(state.strip()) == 2 else state

    def _required(self, path: str) -> str:
        text = self._text(path)
        if text is None:
            raise Refused("payload", self._name(path), "must be there")
        return text

    def _number(self, path: str) -> float:
        try:
            return float(self._required(path).strip().removesuffix("%"))
        except ValueError as error:
            raise Refused("payload", self._name(path), "must be a number") from error

    def _confidence(self, mapping: EdgeMapping) -> float:
        how = mapping.confidence
        if how.at is None:
            return how.always or 0.0
        return share(self._number(how.at), self._name(how.at), of=how.of)

    def _time(self, how: CapturedAt) -> datetime:
        field = self._name(how.at)
        if how.format in _EPOCH_UNITS_MS:
            return after_epoch(self._number(how.at) * _EPOCH_UNITS_MS[how.format], field)
        text = self._required(how.at).strip()
        try:
            moment = datetime.fromisoformat(text) if how.format == "iso" else _by_pattern(text, how.format)
            if moment.tzinfo is None and how.zone is not None:
                moment = moment.replace(tzinfo=ZoneInfo(how.zone))
            if moment.tzinfo is None:
                raise Refused("captured-at", field, "must say its offset from UTC, or the mapping its zone")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise Refused("captured-at", field, f"must be a time of the form {how.format}") from error

    def _picture(self, path: str | None) -> Picture | None:
        text = self._text(path, longest=None)
        if path is None or text is None or text.startswith(("http://", "https://")):
            return None
        return picture_in(text, self._name(path))


def _by_pattern(text: str, pattern: str) -> datetime:
    return datetime.strptime(text, pattern)  # noqa: DTZ007  (its zone is seen to where it is called)
