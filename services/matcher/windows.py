"""Which hits are one: the same vehicle at the same camera within a window of time is one hit with sightings."""

import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from plateward.contracts.hits import GRADES, HitRaised
from plateward.contracts.topics import PLATE_READS
from plateward.matching.sightings import merged, reads_of, with_sighting
from plateward.plates.confusion import match_key
from plateward.plates.patterns import is_partial

LATE = timedelta(hours=1)
"""How much later than those of others a camera's reads may come and still be joined to a hit."""

TOLD_FOR = (PLATE_READS.kept_for or timedelta()) + LATE
"""How long it is known which reads were told: as long as a read can come again from its topic."""

SIGHTINGS_MAX = 50
"""After so many further passes a hit has grown long enough, and the next pass is a hit of its own."""

Vehicle = tuple[object, ...]
"""What makes hits be of one vehicle at one camera: and of one version of one entry, for the same agencies."""

Told = tuple[uuid.UUID, uuid.UUID]
"""A read and the entry that it is a hit on."""


@dataclass(frozen=True, slots=True)
class Telling:
    """When a read was last told to be a hit on an entry, and whether it was told live."""

    at: datetime
    live: bool


class SightingWindows:
    """The hits that a further read may belong to. All of it is on `hits`, and is taken from there after a restart."""

    def __init__(self, window: timedelta, late: timedelta = LATE) -> None:
        self._window, self._late = window, late
        self._hits: dict[uuid.UUID, HitRaised] = {}
        self._of_vehicle: dict[Vehicle, set[uuid.UUID]] = {}
        self._in_order: deque[uuid.UUID] = deque()
        self._told: dict[Told, Telling] = {}
        self._newest: datetime | None = None

    def __len__(self) -> int:
        return len(self._hits)

    def take(self, hit: HitRaised) -> None:
        """Takes in what this matcher or another has told of a hit; again changes nothing."""
        for read in reads_of(hit):
            self._note(read, hit)
        if hit.id in self._hits:
            hit = merged(self._hits[hit.id], hit)
        else:
            self._in_order.append(hit.id)
            self._of_vehicle.setdefault(vehicle_of(hit), set()).add(hit.id)
        self._hits[hit.id] = hit
        self._forget(hit)

    def joined(self, hit: HitRaised) -> HitRaised | None:
        """What is to be told of a read that hits: a new hit, or an earlier one with a sighting; None when it was told.

        A read that was told as retroactive is told once more when it comes live.
        """
        told = self._told.get((hit.read.id, hit.entry.id))
        if told is not None and (told.live or hit.retroactive):
            return None
        earlier = min(self._earlier(hit), key=_order, default=None)
        hit = hit if earlier is None else with_sighting(earlier, hit.read)
        self.take(hit)
        return hit

    def _earlier(self, hit: HitRaised) -> Iterator[HitRaised]:
        """The hits that this one may be a sighting of.

        What is news joins none: a live one no retroactive one, and one that says more of the plate, or of what
        contradicts, none that says less.
        """
        for identity in self._of_vehicle.get(vehicle_of(hit), ()):
            known = self._hits[identity]
            apart = abs(known.read.captured_at - hit.read.captured_at)
            has_room = known.id != hit.id and len(known.sightings) < SIGHTINGS_MAX
            if has_room and apart <= self._window and not _is_news(hit, known):
                yield known

    def _note(self, read: uuid.UUID, hit: HitRaised) -> None:
        # Noted anew it moves to the end, so that the oldest stand first.
        before = self._told.pop((read, hit.entry.id), None)
        live = not hit.retroactive or (before is not None and before.live)
        self._told[read, hit.entry.id] = Telling(hit.raised_at, live)

    def _forget(self, hit: HitRaised) -> None:
        """Forgets hits that no further read can belong to, and tellings of reads that cannot come again."""
        # A camera's clock that runs ahead must not close the windows of all others.
        captured_at = min(hit.read.captured_at, hit.raised_at)
        self._newest = captured_at if self._newest is None else max(self._newest, captured_at)
        while self._in_order and self._is_closed(self._hits[self._in_order[0]]):
            closed = self._hits.pop(self._in_order.popleft())
            of_vehicle = self._of_vehicle[vehicle_of(closed)]
            of_vehicle.discard(closed.id)
            if not of_vehicle:
                del self._of_vehicle[vehicle_of(closed)]
        while self._told and next(iter(self._told.values())).at < hit.raised_at - TOLD_FOR:
            del self._told[next(iter(self._told))]

    def _is_closed(self, hit: HitRaised) -> bool:
        return self._newest is not None and hit.read.captured_at < self._newest - self._window - self._late


def vehicle_of(hit: HitRaised) -> Vehicle:
    """What the hit's vehicle, and its camera, are known by.

    Reads that match a whole plate are of that plate's vehicle, however they were spelled; those that match a partial
    plate, which has open places, are of one vehicle only where a reader could confuse them.
    """
    spelled = match_key(hit.read.plate) if is_partial(hit.entry.plate) else ""
    return (hit.entry.id, hit.entry.version, hit.read.camera_id, hit.agencies, hit.images_withheld_from, spelled)


def _is_news(hit: HitRaised, known: HitRaised) -> bool:
    stronger = GRADES.index(hit.comparison.grade) < GRADES.index(known.comparison.grade)
    otherwise = set(hit.comparison.contradicted) != set(known.comparison.contradicted)
    return stronger or otherwise or known.retroactive > hit.retroactive


def _order(hit: HitRaised) -> tuple[datetime, uuid.UUID]:
    return hit.read.captured_at, hit.id
