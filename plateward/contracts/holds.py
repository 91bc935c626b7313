"""A hold that two people agree on: what a case needs is copied to evidence before its day (Flagstaff 317.5.5.b)."""

import uuid
from datetime import date
from typing import Annotated, ClassVar

import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.event import Event, Moment


class EvidenceHold(Event, frozen=True):
    """A hold as it was agreed to, on `holds`. It names reads by their ids, and no vehicle."""

    TYPE: ClassVar[str] = "plateward.evidence-hold.v1"

    id: uuid.UUID
    agency_id: str
    case_number: str
    reason: str
    requested_by: Actor
    requested_at: Moment
    approved_by: Actor
    approved_at: Moment
    ends_on: date
    """The first UTC day on which its evidence is no longer kept."""
    read_ids: Annotated[tuple[uuid.UUID, ...], msgspec.Meta(min_length=1)]
