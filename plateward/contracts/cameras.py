"""A camera's place and how it is."""

from typing import ClassVar, Literal

from plateward.contracts.event import Event, Moment, Value


class CameraPlace(Value, frozen=True):
    """Where a camera stands and which way it looks: the location of the reader (Flagstaff 317.2, "Detection")."""

    name: str
    latitude: float
    longitude: float
    bearing_deg: float | None = None
    """The direction of travel that it watches, clockwise from north."""


CameraState = Literal["working", "faulty", "out-of-service"]


class CameraStatus(Event, frozen=True):
    """How a camera is, on `camera-status`; the newest record of a camera is its state."""

    TYPE: ClassVar[str] = "plateward.camera-status.v1"

    camera_id: str
    agency_id: str
    state: CameraState
    at: Moment
    last_frame_at: Moment | None = None
    fault: str | None = None
