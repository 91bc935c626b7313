"""How a camera is, for those who keep it: what is wrong with it, and what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.cameras import CameraState, CameraStatus
from plateward.policy.cameras import REPORTED, inspection_due_at, what_bars
from plateward.policy.profile import AgencyProfile

NEWS_WITHIN = timedelta(minutes=1)
"""How late the news of a frame may come; later, even the news has stopped."""

STATE_ORDER: tuple[CameraState, ...] = ("faulty", "out-of-service", "working")


@dataclass(frozen=True, slots=True)
class KnownCamera:
    """A camera on file, and what its ingest last said of it."""

    registration: CameraRegistration
    status: CameraStatus | None


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """How a camera is at a time."""

    registration: CameraRegistration
    state: CameraState
    wrong: tuple[str, ...]
    """What is wrong, a sentence each."""
    last_frame_at: datetime | None
    inspection_due_at: datetime | None
    overdue: bool

    @property
    def urgency(self) -> tuple[int, bool, str]:
        """The order of cameras on a page: what is wrong first."""
        return STATE_ORDER.index(self.state), not self.overdue, self.registration.camera_id


def health(known: KnownCamera, profile: AgencyProfile, at: datetime) -> CameraHealth:
    """How the camera is at this time."""
    camera, status = known.registration, known.status
    last_frame_at = status.last_frame_at if status else None
    due_at = inspection_due_at(profile, camera)
    bar = what_bars(camera, at)
    faults = _faults(camera, status, last_frame_at, at)
    state: CameraState = "out-of-service" if bar else "faulty" if faults else "working"
    wrong = ((bar.rule,) if bar else ()) + faults
    return CameraHealth(camera, state, wrong, last_frame_at, due_at, due_at is not None and at > due_at)


def _faults(
    camera: CameraRegistration, status: CameraStatus | None, last_frame_at: datetime | None, at: datetime
) -> tuple[str, ...]:
    faults = []
    if camera.fault is not None:
        faults.append(f"reported by {camera.fault.name}, {camera.fault.title}: {camera.fault.statement}")
    elif status is not None and status.state == "faulty" and not (status.fault or "").startswith(REPORTED):
        faults.append(status.fault or "faulty")
    if not faults and last_frame_at is not None and camera.silent_after_seconds is not None:
        began = max(last_frame_at, camera.in_service_since or last_frame_at)
        if at > began + timedelta(seconds=camera.silent_after_seconds) + NEWS_WITHIN:
            faults.append(f"no news since {last_frame_at:%Y-%m-%d %H:%M:%S} UTC")
    return tuple(faults)
