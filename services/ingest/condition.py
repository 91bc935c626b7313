"""How a camera is, by what came of it: silent, blank, undecodable, or well (Flagstaff 317.4.B, Stockton III.C.4-6)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.cameras import CameraState, CameraStatus
from plateward.policy.cameras import REPORTED, what_bars

SAID_AGAIN_AFTER = timedelta(seconds=30)
"""How often a camera that delivers is reported when nothing else changes."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What came of a camera: the last frame taken, and how many up to now were bad, in a row."""

    last_frame_at: datetime | None = None
    undecodable: int = 0
    blank: int = 0
    showed: bool = False
    """Whether a frame that showed something was among them: what was blank before it counts no more."""

    def taken(self, at: datetime, *, blank: bool) -> "Pulse":
        """After another frame was taken."""
        return Pulse(at, 0, self.blank + 1, self.showed) if blank else Pulse(at, showed=True)

    def spoilt(self) -> "Pulse":
        """After another frame did not decode."""
        return replace(self, undecodable=self.undecodable + 1)

    def then(self, later: "Pulse") -> "Pulse":
        """What came after this, added to it."""
        # Two processes may say what they had at the same time in another order.
        times = [time for time in (self.last_frame_at, later.last_frame_at) if time is not None]
        return Pulse(
            last_frame_at=max(times, default=None),
            undecodable=later.undecodable + (self.undecodable if later.last_frame_at is None else 0),
            blank=later.blank + (0 if later.showed else self.blank),
            showed=self.showed or later.showed,
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """How a camera is, and why when it is not well."""

    state: CameraState
    fault: str | None = None


def condition(
    camera: CameraRegistration, pulse: Pulse, at: datetime, bad_frames: int, late: timedelta = timedelta()
) -> Condition:
    """How the camera is at this time; `bad_frames` in a row are a fault, `late` is how late one may be known."""
    bar = what_bars(camera, at)
    if bar is not None:
        return Condition("out-of-service", bar.rule)
    if camera.fault is not None:
        return Condition("faulty", REPORTED + camera.fault.statement)
    if pulse.undecodable >= bad_frames:
        return Condition("faulty", "frames do not decode")
    if pulse.blank >= bad_frames:
        return Condition("faulty", "frames are blank")
    since = silent_since(camera, pulse, at - late)
    return Condition("faulty", f"silent since {since:%Y-%m-%dT%H:%M:%SZ}") if since else Condition("working")


def silent_since(camera: CameraRegistration, pulse: Pulse, at: datetime) -> datetime | None:
    """Since when nothing had come, up to this time, of a camera that should send; None where silence says nothing."""
    if camera.silent_after_seconds is None:
        return None
    began = max(pulse.last_frame_at or camera.registered_at, camera.in_service_since or camera.registered_at)
    return began if at - began > timedelta(seconds=camera.silent_after_seconds) else None


def is_to_be_said(now: Condition, pulse: Pulse, said: CameraStatus | None, at: datetime) -> bool:
    """Whether the camera's status is to be reported: it has changed, or frames came since it was last."""
    if said is None or (said.state, said.fault) != (now.state, now.fault):
        return True
    return pulse.last_frame_at != said.last_frame_at and at - said.at >= SAID_AGAIN_AFTER
