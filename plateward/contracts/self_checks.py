"""A check of the whole line, from a frame to a hit, with a vehicle that is not there.

Its frame is rendered and comes from a camera that is none, its entry is on a list that nobody keeps: every service can
tell that it is a check by the camera's id, or by the list's. It is never shown, kept or counted as real.
"""

import uuid
from typing import ClassVar

from plateward.contracts.event import Event, Moment

SELF_CHECK_LIST = "self-check"
"""The list that the entries of checks are on, each agency's own."""

SELF_CHECK_CAMERAS = "self-check."
"""How the ids of the cameras of checks begin; no real camera is registered under such an id."""

SELF_CHECK_PLATE = "CHK4TEK"
"""What the rendered vehicle carries."""


class SelfCheckAsked(Event, frozen=True):
    """That a check is to begin now, on `self-checks`."""

    TYPE: ClassVar[str] = "plateward.self-check-asked.v1"

    id: uuid.UUID
    """Also that of the entry that the check is to hit."""
    agency_id: str
    at: Moment


def self_check_camera(agency_id: str) -> str:
    """The id of the camera that is none, for an agency's checks."""
    return f"{SELF_CHECK_CAMERAS}{agency_id}"


def is_self_check(camera_id: str) -> bool:
    """Whether what comes from this camera is a check."""
    return camera_id.startswith(SELF_CHECK_CAMERAS)
