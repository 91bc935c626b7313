"""The frame of a self-check: of a vehicle that is not there, by a camera that is none."""

from datetime import datetime, timedelta
from hashlib import sha256

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.frames import Frame, frame_id
from plateward.contracts.self_checks import SelfCheckAsked, self_check_camera

ANSWERED_WITHIN = timedelta(minutes=1)
"""A check that was asked for longer ago has failed by now: ingest was not there."""

SIZE_PX = (1280, 720)

NOWHERE = CameraPlace(name="Self-check: no camera", latitude=0.0, longitude=0.0)


def is_over(asked: SelfCheckAsked, at: datetime) -> bool:
    """Whether nobody waits for this check any more."""
    return at - asked.at > ANSWERED_WITHIN


def check_frame(asked: SelfCheckAsked, jpeg: bytes, at: datetime) -> Frame:
    """What is known of the frame of a check."""
    camera_id = self_check_camera(asked.agency_id)
    return Frame(
        id=frame_id(camera_id, at, sha256(jpeg).hexdigest()),
        camera_id=camera_id,
        agency_id=asked.agency_id,
        place=NOWHERE,
        captured_at=at,
        received_at=at,
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
        source="self-check",
    )
