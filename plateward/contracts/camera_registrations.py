"""A camera on file: where it stands and who allowed that, its keys, and what keeps it out of service."""

from typing import Annotated, ClassVar, Literal

import msgspec

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.event import Event, Moment, Value

CameraKind = Literal["fixed", "trailer", "vehicle", "edge"]
"""How it is mounted; an edge camera reads plates itself."""

CameraId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\Z")]

Sha256Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class ByPerson(Value, frozen=True):
    """Something that a person did or stated, in the title that they held then."""

    name: str
    title: str
    at: Moment
    statement: str = ""


class CameraKey(Value, frozen=True):
    """What a key is known by; the key itself is the camera's alone."""

    sha256: Sha256Hex
    valid_until: Moment | None = None
    """The end of a replaced key's grace; None for the key in force."""


class CameraRegistration(Event, frozen=True):
    """A camera as its agency has it on file, on `cameras`; the newest version of a camera is in force."""

    TYPE: ClassVar[str] = "plateward.camera-registration.v1"

    camera_id: CameraId
    agency_id: str
    kind: CameraKind
    place: CameraPlace
    registered_at: Moment
    placed_at: Moment
    """Since when it stands, or is to stand, there."""
    changed_at: Moment
    version: Annotated[int, msgspec.Meta(ge=1)]
    keys: tuple[CameraKey, ...]
    special: bool = False
    """Whether this is a nontraditional deployment (Flagstaff 317.6.F)."""
    ends_at: Moment | None = None
    """When the deployment ends."""
    approval: ByPerson | None = None
    """Who approved this placement (Flagstaff 317.3.E)."""
    public_view: ByPerson | None = None
    """Who declares that it views what is exposed to public view, and nothing else (Kentucky IV.M.1)."""
    out_of_service: ByPerson | None = None
    """Who took it out of service, and why (Flagstaff 317.4.B)."""
    in_service_since: Moment | None = None
    """When it was last allowed to send."""
    fault: ByPerson | None = None
    """Damage that a person reported and nobody has mended yet (Stockton III.C.4)."""
    last_inspected_at: Moment | None = None
    silent_after_seconds: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """After how long without a frame it counts as silent; None where silence says nothing."""
