"""What may be done to a camera on file, decided purely: each change makes a new version, or says what is missing."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast, get_args

import msgspec

from plateward.contracts.camera_registrations import ByPerson, CameraKey, CameraKind, CameraRegistration
from plateward.contracts.cameras import CameraPlace
from plateward.contracts.self_checks import SELF_CHECK_CAMERAS, is_self_check
from plateward.policy.cameras import is_special, what_bars, why_may_not_approve
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Lacking, Missing
from services.gateway.writing import unwritable

CAMERA_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")

GRACE_MINUTES_MAX = 24 * 60
"""The longest that a replaced key stays valid beside the new one."""

Finding = Literal["in-order", "needs-repair"]
"""What an inspection finds."""


class InvalidCamera(Lacking):
    """A change that cannot be made; says what is missing."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a camera is to stand, and for how long."""

    name: str
    latitude: float
    longitude: float
    bearing_deg: float | None = None
    special: bool = False
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewCamera:
    """What somebody asks to be registered."""

    camera_id: str
    kind: str
    placement: Placement
    silent_after_seconds: int | None = 60


def registered(new: NewCamera, agency_id: str, key_sha256: str, at: datetime) -> CameraRegistration:
    """The camera on file, not yet in service; raises InvalidCamera."""
    missing = []
    if not CAMERA_ID.fullmatch(new.camera_id):
        missing.append(Missing("camera_id", "must be at most 100 letters, digits and . _ : -, beginning with no sign"))
    if is_self_check(new.camera_id):
        missing.append(Missing("camera_id", f"must not begin with {SELF_CHECK_CAMERAS}: what comes from it is a check"))
    if new.kind not in get_args(CameraKind):
        missing.append(Missing("kind", f"must be one of: {', '.join(get_args(CameraKind))}"))
    if new.silent_after_seconds is not None and new.silent_after_seconds < 1:
        missing.append(Missing("silent_after_seconds", "must be at least 1, or nothing"))
    if missing:
        raise InvalidCamera(*missing)
    camera = CameraRegistration(
        camera_id=new.camera_id,
        agency_id=agency_id,
        kind=cast("CameraKind", new.kind),
        place=_place(new.placement),
        registered_at=at,
        placed_at=at,
        changed_at=at,
        version=1,
        keys=(CameraKey(sha256=key_sha256),),
        special=new.placement.special,
        ends_at=new.placement.ends_at,
        silent_after_seconds=new.silent_after_seconds,
    )
    _require_end(camera, at)
    return camera


def placed(camera: CameraRegistration, placement: Placement, at: datetime) -> CameraRegistration:
    """The camera at another place, or for another time: approval and declaration were of the old one.

    Raises InvalidCamera.
    """
    moved = _changed(
        camera,
        at,
        place=_place(placement),
        placed_at=at,
        special=placement.special,
        ends_at=placement.ends_at,
        approval=None,
        public_view=None,
    )
    _require_end(moved, at)
    return moved


def approved(camera: CameraRegistration, profile: AgencyProfile, by: ByPerson) -> CameraRegistration:
    """The camera with its placement approved; raises InvalidCamera when the title may not."""
    refused = why_may_not_approve(profile, camera, by.title)
    if refused is not None:
        raise InvalidCamera(refused)
    return _changed(camera, by.at, approval=by)


def declared(camera: CameraRegistration, by: ByPerson) -> CameraRegistration:
    """The camera declared to view what is public, in the words of who declares it; raises InvalidCamera."""
    return _changed(camera, by.at, public_view=_stated(by, "what it views is missing"))


def rekeyed(camera: CameraRegistration, key_sha256: str, grace_minutes: int, at: datetime) -> CameraRegistration:
    """The camera with a new key; the one before stays valid for the grace, any older one no longer.

    Raises InvalidCamera.
    """
    if not 0 <= grace_minutes <= GRACE_MINUTES_MAX:
        raise InvalidCamera(Missing("grace_minutes", f"must be from 0 to {GRACE_MINUTES_MAX}"))
    keys = [CameraKey(sha256=key_sha256)]
    if grace_minutes:
        replaced = next(key for key in camera.keys if key.valid_until is None)
        keys.append(CameraKey(sha256=replaced.sha256, valid_until=at + timedelta(minutes=grace_minutes)))
    return _changed(camera, at, keys=tuple(keys))


def withdrawn(camera: CameraRegistration, by: ByPerson) -> CameraRegistration:
    """The camera out of service, with the reason; raises InvalidCamera."""
    return _changed(camera, by.at, out_of_service=_stated(by, "why it goes out of service is missing"))


def returned(camera: CameraRegistration, by: ByPerson) -> CameraRegistration:
    """The camera back in service, its fault mended: `by` states what was done; raises InvalidCamera."""
    if camera.out_of_service is None and camera.fault is None:
        raise InvalidCamera(Missing("camera", "is neither out of service nor reported faulty"))
    _stated(by, "what was repaired is missing")
    return _changed(camera, by.at, out_of_service=None, fault=None)


def damaged(camera: CameraRegistration, by: ByPerson) -> CameraRegistration:
    """The camera with damage documented (Stockton III.C.4); raises InvalidCamera."""
    return _changed(camera, by.at, fault=_stated(by, "what is damaged is missing"))


def inspected(camera: CameraRegistration, finding: str, by: ByPerson) -> CameraRegistration:
    """The camera after an inspection: one that needs repair goes out of service (Flagstaff 317.4.B).

    One in order stays as it was, save that a reported fault is gone: somebody looked. Raises InvalidCamera.
    """
    if finding not in get_args(Finding):
        raise InvalidCamera(Missing("finding", f"must be one of: {', '.join(get_args(Finding))}"))
    if finding == "in-order":
        return _changed(camera, by.at, last_inspected_at=by.at, fault=None)
    found = _stated(by, "what needs repair is missing")
    return _changed(camera, by.at, last_inspected_at=by.at, fault=found, out_of_service=found)


def _changed(camera: CameraRegistration, at: datetime, **changes: Any) -> CameraRegistration:
    changed = msgspec.structs.replace(camera, **changes, version=camera.version + 1, changed_at=at)
    if what_bars(changed, at) is None and what_bars(camera, at) is not None:
        return msgspec.structs.replace(changed, in_service_since=at)
    return changed


def _stated(by: ByPerson, rule: str) -> ByPerson:
    if not by.statement:
        raise InvalidCamera(Missing("statement", rule))
    return by


def _place(placement: Placement) -> CameraPlace:
    missing = list(unwritable({"place.name": placement.name}))
    if not placement.name.strip():
        missing.append(Missing("place.name", "The place's name is missing"))
    limits: Mapping[str, tuple[float, float]] = {"latitude": (-90, 90), "longitude": (-180, 180)}
    for name, (least, most) in limits.items():
        if not least <= getattr(placement, name) <= most:
            missing.append(Missing(f"place.{name}", f"must be from {least} to {most} degrees"))
    bearing_deg = placement.bearing_deg
    if bearing_deg is not None and not (math.isfinite(bearing_deg) and 0 <= bearing_deg < 360):
        missing.append(Missing("place.bearing_deg", "must be from 0 to below 360 degrees, or nothing"))
    if missing:
        raise InvalidCamera(*missing)
    return CameraPlace(
        name=placement.name.strip(),
        latitude=placement.latitude,
        longitude=placement.longitude,
        bearing_deg=bearing_deg,
    )


def _require_end(camera: CameraRegistration, at: datetime) -> None:
    if camera.ends_at is None and is_special(camera):
        raise InvalidCamera(Missing("ends_at", "a special deployment must have an end (Flagstaff 317.6.F)"))
    if camera.ends_at is not None and camera.ends_at <= at:
        raise InvalidCamera(Missing("ends_at", "must lie in the future"))
