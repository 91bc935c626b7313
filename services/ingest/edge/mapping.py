"""A mapping file: where in the CSV or JSON of some other device the parts of a read are."""

import re
from collections.abc import Mapping as Dictionary
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""What a mapping can be called: its file's name, and a part of the door's address."""


class Confidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the confidence is and what it is at most; or, for devices that give none, what to take for it."""

    at: str | None = None
    of: float = 1.0
    always: float | None = None

    def __post_init__(self) -> None:
        """Raises ValueError, which reading the file shows as an error of the file."""
        if (self.at is None) == (self.always is None):
            raise ValueError("exactly one of at and always must be there")
        if not self.of > 0:
            raise ValueError("of must be more than 0")
        if self.always is not None and not 0 <= self.always <= 1:
            raise ValueError("always must be from 0 to 1")


class CapturedAt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the time of capture is, how it is written, and in which zone where it does not say so itself."""

    at: str
    format: str = "iso"
    """`iso`, `epoch-ms`, `epoch-s`, or a pattern of strptime as `%m/%d/%Y %H:%M:%S`."""
    zone: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError, which reading the file shows as an error of the file."""
        if self.format not in ("iso", "epoch-ms", "epoch-s") and "%" not in self.format:
            raise ValueError("format must be iso, epoch-ms, epoch-s or a pattern with %")
        if self.zone is not None:
            try:
                ZoneInfo(self.zone)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise ValueError("zone must be an IANA time zone, as America/Phoenix") from error


class EdgeMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each part of a read by the column, or by the path of names and numbers through the JSON (`vehicle.plates.0`)."""

    format: Literal["csv", "json"]
    plate: str
    confidence: Confidence
    captured_at: CapturedAt
    reads: str | None = None
    """The path to the list of reads; without it the document is the list, or the one read."""
    delimiter: str = ","
    event: str | None = None
    """What the device calls the event: the same in each report of it."""
    state: str | None = None
    make: str | None = None
    model: str | None = None
    colour: str | None = None
    kind: str | None = None
    direction: str | None = None
    plate_image: str | None = None
    """A picture in Base64. An address in its place is left alone: nothing is ever fetched."""
    scene_image: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError, which reading the file shows as an error of the file."""
        if len(self.delimiter) != 1:
            raise ValueError("delimiter must be one character")
        if self.reads is not None and self.format == "csv":
            raise ValueError("reads is for json")


Mappings = Dictionary[str, EdgeMapping]


def read_mappings(folder: Path) -> dict[str, EdgeMapping]:
    """A folder's mappings by the names of their files; raises ValueError with file, field and rule, and OSError."""
    return {file.stem: _read(file) for file in sorted(folder.glob("*.yaml"))}


def _read(file: Path) -> EdgeMapping:
    if not NAME.fullmatch(file.stem):
        raise ValueError(f"{file}: its name must have small letters, digits and hyphens only")
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=EdgeMapping)
    except msgspec.DecodeError as error:
        raise ValueError(f"{file}: {error}") from error
