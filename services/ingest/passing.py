"""When reports of edge readers are of the same passing of a vehicle, and so the same read.

Two rules, and in both the plates must be equal or confusable, for else the reader has changed its mind and both
readings stand: reports that share one of the device's own names for the passing are one; and where a device reports
each frame by itself, or names nothing, so are reports of the same plate within the same ten seconds or the next ones.
A vehicle that stays in view therefore stays one read.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from plateward.contracts.event import derive_id
from plateward.plates.confusion import match_key
from services.ingest.edge.edge_read import EPOCH, EdgeRead

NEAR = timedelta(seconds=10)

LONGEST = timedelta(minutes=10)
"""Of a longer passing, only so much counts."""


@dataclass(frozen=True, slots=True)
class Passing:
    """One passing: the read's id, and when the vehicle was captured as the first report of it says."""

    read_id: uuid.UUID
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a passing is known. They are hashes: no plate can be read off them."""

    own: tuple[uuid.UUID, ...]
    """What this report leaves behind for later ones; the first makes the id of a read that is new."""
    near: tuple[uuid.UUID, ...]
    """What earlier reports of the same passing may have left, beside these."""


class Passings(Protocol):
    """Which passings were reported in the last day."""

    async def of(self, camera_id: str, marks: Marks, fresh: Passing) -> Passing:
        """The passing that any of these marks stands for, or else this fresh one, from now on; raises Unavailable."""


def marks_of(camera_id: str, source: str, read: EdgeRead, plate: str) -> Marks:
    """The marks of a report whose plate has been normalised."""
    key = match_key(plate)
    own = [derive_id("edge-name", camera_id, source, name, key) for name in read.names]
    near: list[uuid.UUID] = []
    if read.joins_near:
        first = _slice(read.captured_at)
        last = _slice(min(read.until or read.captured_at, read.captured_at + LONGEST))
        slices = range(min(first, last), max(first, last) + 1)
        own += [derive_id("edge-time", camera_id, source, one, key) for one in slices]
        near = [derive_id("edge-time", camera_id, source, one, key) for one in (slices[0] - 1, slices[-1] + 1)]
    return Marks(tuple(own), tuple(near))


def fresh_passing(marks: Marks, captured_at: datetime) -> Passing:
    """The passing that a report begins when none is known: told again, the same."""
    return Passing(derive_id("edge-read", marks.own[0]), captured_at)


def _slice(at: datetime) -> int:
    return (at - EPOCH) // NEAR
