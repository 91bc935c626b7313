"""A plate read: what a reader saw of one plate (Flagstaff 317.2 "Detection"; Stockton II.C)."""

import uuid
from datetime import date
from typing import Annotated, ClassVar, Literal

import msgspec

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.event import Event, Moment, Value, derive_id

# Python's $ alone would also let a line end follow.
PlateText = Annotated[str, msgspec.Meta(min_length=1, max_length=12, pattern=r"^[A-Z0-9]+(?!\n)$")]
"""A plate's characters as normalised by `plateward.plates`: A to Z and 0 to 9 only."""

CANDIDATE_KEYS = "candidatekeys"
"""The header of a read's record, its last, that holds the match keys of its lower-ranked candidates.

Those that are too unlikely to be told of are left out. Each is eight bytes, most significant first, as packed by
`plateward.plates.packed_keys`. By the record's key and these a read that matches nothing is known without decoding it.
Like the record's key they are as personal as the read.
"""

Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]

Direction = Literal["towards", "away", "left-to-right", "right-to-left"]
"""Where a vehicle goes, as its camera sees it."""


class Candidate(Value, frozen=True):
    """One spelling that the recogniser thinks possible, and how probable it is."""

    plate: PlateText
    confidence: Share


class VehicleDescription(Value, frozen=True):
    """What could be seen of a vehicle, or what an entry says of one (Flagstaff 317.3.A); unknown parts are absent."""

    make: str | None = None
    model: str | None = None
    colour: str | None = None
    colour_confidence: Share | None = None
    """How sure a camera is of the colour; of an entry's, nothing is said."""
    kind: str | None = None
    features: tuple[str, ...] = ()


ImageKind = Literal["plate", "scene"]
"""What a picture of a read shows."""


class ReadImages(Value, frozen=True):
    """The blob keys of a read's pictures; they lie under the read's expiry day.

    The recogniser's reads have both; an edge reader may have sent one or none.
    """

    plate: str | None = None
    scene: str | None = None

    def key(self, kind: ImageKind) -> str | None:
        """The key of this picture; None where there is none."""
        return self.plate if kind == "plate" else self.scene


class PlateRead(Event, frozen=True):
    """One vehicle's pass by one camera: its plate. The record's key is the match key of `plate`.

    A pass may be told twice: as soon as it is sure, and once more when it is over. `id`, `frame_id`, `captured_at` and
    `expires_on` stay; of two records with one id, the one of more `frames` holds.
    """

    TYPE: ClassVar[str] = "plateward.plate-read.v1"

    id: uuid.UUID
    frame_id: uuid.UUID
    camera_id: str
    agency_id: str
    place: CameraPlace
    captured_at: Moment
    """When the pass began: the time of its first frame."""
    plate: PlateText
    confidence: Share
    candidates: tuple[Candidate, ...]
    character_confidences: tuple[Share, ...]
    expires_on: date
    """The day on which the owner's policy has it deleted; computed once, here."""
    images: ReadImages
    models: dict[str, str]
    source: str = "recognizer"
    state: str | None = None
    """State of issue (LIS); None is unknown, never a guess."""
    vehicle: VehicleDescription | None = None
    frames: Annotated[int, msgspec.Meta(ge=1)] = 1
    """How many frames of the pass were voted over."""
    last_seen_at: Moment | None = None
    """The time of the last of them; None where there is only one."""
    direction: str | None = None
    """Which way the vehicle went: a Direction where the recogniser's track shows it, an edge reader's own words."""
    below_threshold: bool = False
    """Whether `confidence` is less than the owner's policy asks for: kept, and marked; it raises no hit by itself."""
    supersedes: PlateText | None = None
    """The plate of an earlier record of this read that may have raised hits: unlike it, this one is news."""


def read_id(frame: uuid.UUID, index: int) -> uuid.UUID:
    """The id of the read of the pass that the index-th plate of this frame began: seen again, it is the same read."""
    return derive_id("read", frame, index)
