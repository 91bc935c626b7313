"""A camera's picture on its way to the recogniser, and what became of it."""

import uuid
from datetime import datetime
from typing import ClassVar, Literal

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.event import Event, Moment, derive_id

FRAME_BYTES_MAX = 1024 * 1024
"""The largest JPEG that goes on `frames`; ingest re-encodes larger ones."""

FRAME_HEADER = "frame"
"""The header that carries the Frame; the record's value is the JPEG itself."""


class Frame(Event, frozen=True):
    """What is known of a frame. It travels in the header `frame`; the JPEG is the record's value."""

    TYPE: ClassVar[str] = "plateward.frame.v1"

    id: uuid.UUID
    camera_id: str
    agency_id: str
    place: CameraPlace
    captured_at: Moment
    received_at: Moment
    width_px: int
    height_px: int
    source: str = "camera"


Outcome = Literal["read", "no-plate", "dead", "skipped", "stale"]
"""A frame of which a plate belongs to a pass is read. One is skipped where the recogniser is behind and frames of the
same camera, shortly before, were looked at; it is stale when it is too old to be looked at."""


class FrameOutcome(Event, frozen=True):
    """What became of one frame, on `frame-outcomes`: no frame goes unaccounted for, nothing of a vehicle is kept."""

    TYPE: ClassVar[str] = "plateward.frame-outcome.v1"

    frame_id: uuid.UUID
    camera_id: str
    agency_id: str
    outcome: Outcome
    reads: int
    captured_at: Moment
    at: Moment
    read_ids: tuple[uuid.UUID, ...] = ()
    """The reads that its plates belong to, the clearest plate first; a read comes when its pass is sure or over."""


def frame_id(camera_id: str, captured_at: datetime, sha256: str) -> uuid.UUID:
    """The id of the frame with this content, taken by this camera at this time: sent twice, it is one frame."""
    return derive_id("frame", camera_id, captured_at.isoformat(), sha256)
