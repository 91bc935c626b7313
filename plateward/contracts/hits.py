"""A hit: a read that may be a listed vehicle. An alert, not proof (Stockton I.D)."""

import uuid
from typing import ClassVar, Literal, get_args

from plateward.contracts.event import Event, Moment, Value, derive_id
from plateward.contracts.hot_list import Grade, HotListEntry
from plateward.contracts.reads import Candidate, PlateRead, PlateText, ReadImages, Share

Verdict = Literal["agrees", "confusable", "differs", "inserted", "lost", "open"]
"""`inserted`: only the read has this character; `lost`: only the entry has it; `open`: the entry does not say."""

Agreement = Literal["agrees", "contradicts", "unknown"]

MatchGrade = Literal["exact", "confusable", "candidate", "near-miss", "partial"]
"""How an entry's plate is a read's, best first.

`confusable`: up to characters that a reader confuses; `candidate`: not the read's plate, but one of its lower-ranked
spellings; `near-miss`: one character inserted or lost; `partial`: the entry's plate leaves characters open.
"""

GRADES: tuple[MatchGrade, ...] = get_args(MatchGrade)


class CharacterComparison(Value, frozen=True):
    """One character of the entry's plate against one of the read; `listed` or `read` is empty where one has none."""

    listed: str
    read: str
    verdict: Verdict


class VehicleComparison(Value, frozen=True):
    """What the entry and the reader say of the vehicle, part by part; unknown where either does not say."""

    make: Agreement = "unknown"
    model: Agreement = "unknown"
    colour: Agreement = "unknown"
    kind: Agreement = "unknown"


class Comparison(Value, frozen=True):
    """What a dispatcher must compare: each character, the state of issue (Flagstaff 317.6.E.1, Stockton III.D.2)."""

    grade: MatchGrade
    characters: tuple[CharacterComparison, ...]
    state: Agreement
    vehicle: VehicleComparison = VehicleComparison()
    candidate: Candidate | None = None
    """The spelling that was compared, where it is not the read's plate but a lower-ranked candidate."""

    @property
    def contradicted(self) -> tuple[str, ...]:
        """What speaks against the entry: a hit that is contradicted cannot be dispatched as verified."""
        parts = {"state": self.state} | {name: getattr(self.vehicle, name) for name in VEHICLE_PARTS}
        return tuple(name for name, agreement in parts.items() if agreement == "contradicts")


VEHICLE_PARTS = VehicleComparison.__struct_fields__
"""What of a vehicle is compared."""


class ListVersion(Value, frozen=True):
    """The list that the entry was on, as it was when the hit was raised."""

    name: str
    version: int
    refreshed_at: Moment


class Sighting(Value, frozen=True):
    """A further pass of the hit's vehicle by the hit's camera, a little later or earlier."""

    read_id: uuid.UUID
    captured_at: Moment
    plate: PlateText
    confidence: Share
    images: ReadImages
    direction: str | None = None


class HitRaised(Event, frozen=True):
    """The first event of a hit's life, with everything needed to check it.

    It is told again with each further sighting; records of one id are merged (`plateward.matching.sightings`).
    """

    TYPE: ClassVar[str] = "plateward.hit-raised.v1"

    id: uuid.UUID
    raised_at: Moment
    read: PlateRead
    entry: HotListEntry
    comparison: Comparison
    agencies: tuple[str, ...]
    """The agencies that may see it."""
    images_withheld_from: tuple[str, ...] = ()
    """Those of them with whom the camera's agency does not share pictures."""
    list: ListVersion | None = None
    grade: Grade = "actionable"
    """Informational where the list or the entry is (Stockton IV.C.4-5): officers are told, not sent."""
    sightings: tuple[Sighting, ...] = ()
    """The further passes, in the order of their times."""
    retroactive: bool = False
    """Whether the read is older than the entry's coming into force: no vehicle is there now."""


def hit_id(read: uuid.UUID, entry: uuid.UUID) -> uuid.UUID:
    """The id of the hit of this read on this entry: matched again, it is the same hit."""
    return derive_id("hit", read, entry)
