"""A hit as a partner's machines get it under an MOU, with the access record that both sides keep of it."""

import uuid
from datetime import date
from typing import ClassVar

from plateward.contracts.access import AccessRecord, SharedUnder
from plateward.contracts.cameras import CameraPlace
from plateward.contracts.event import Event, Moment, Value
from plateward.contracts.hits import Comparison, ListVersion
from plateward.contracts.hot_list import Category, Grade, Priority
from plateward.contracts.reads import ImageKind, PlateText, Share, VehicleDescription


class SharedRead(Value, frozen=True):
    """The read of a hit: its plate, time and camera, and of the rest what the MOU's fields name."""

    id: uuid.UUID
    agency_id: str
    """Whose camera saw it."""
    camera_id: str
    place: CameraPlace
    captured_at: Moment
    plate: PlateText
    confidence: Share
    expires_on: date
    """The day on which its owner deletes it."""
    state: str | None = None
    vehicle: VehicleDescription | None = None
    direction: str | None = None
    below_threshold: bool = False


class SharedEntry(Value, frozen=True):
    """The entry that was hit, without the people of its agency who keep it."""

    id: uuid.UUID
    agency_id: str
    list_id: str
    plate: str
    category: Category
    priority: Priority
    reason: str
    case_number: str
    contact: str
    source: str
    state: str | None = None
    vehicle: VehicleDescription | None = None
    instructions: str | None = None
    other_information: str | None = None


class SharedSighting(Value, frozen=True):
    """A further pass of the hit's vehicle by its camera."""

    read_id: uuid.UUID
    captured_at: Moment
    plate: PlateText
    confidence: Share
    direction: str | None = None


class SharedHit(Value, frozen=True):
    """A hit, as far as the MOUs share it. An alert, not proof: whoever acts on it verifies it first."""

    id: uuid.UUID
    sequence: int
    """Its number in the owner's feed. Seen once more, it comes again under a new one."""
    raised_at: Moment
    read: SharedRead
    entry: SharedEntry
    comparison: Comparison
    under: tuple[SharedUnder, ...]
    """The MOUs by which it is shared, as they were agreed when it left."""
    grade: Grade = "actionable"
    list: ListVersion | None = None
    sightings: tuple[SharedSighting, ...] = ()
    retroactive: bool = False
    pictures: tuple[ImageKind, ...] = ()
    """Which of its pictures can be asked for."""


class SharedHitDelivered(Event, frozen=True):
    """What a delivery carries, by stream or by webhook."""

    TYPE: ClassVar[str] = "plateward.shared-hit.v1"

    hit: SharedHit
    record: AccessRecord
    """The owner's record of this delivery, durable before it left: the partner keeps the same."""
