"""A file that came for a list, and what became of it: kept for good, as a version of its list rests on it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from plateward.contracts.access import Actor

Way = Literal["upload", "folder", "pull"]
State = Literal["replaced", "unchanged", "held", "refused", "declined", "superseded"]

REJECTED_LINES_KEPT = 1000
"""Of a file; how many there were is kept of all."""


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A file as it came, on this machine's disk until it has been read."""

    path: Path
    sha256: str
    bytes: int
    as_of: datetime
    """When its source had the list so; where it does not say, when it came."""
    way: Way
    case_number: str = ""
    """Under which a special list is documented (Kentucky IV.I.5)."""


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that was not taken: never what stood on it."""

    line: int
    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What a file did, in lines and entries."""

    accepted: int = 0
    rejected: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Refresh:
    """What became of one file."""

    id: uuid.UUID
    agency_id: str
    list_id: str
    way: Way
    brought_by: Actor
    came_at: datetime
    as_of: datetime
    sha256: str
    bytes: int
    state: State
    why: str
    version: int | None
    """The version of the list that it led to."""
    counts: Counts
    case_number: str
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    statement: str = ""
