"""Whether a camera may send, who may allow where it stands, and when it is to be inspected."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Missing

BarReason = Literal["out-of-service", "unapproved", "undeclared", "deployment-ended"]


REPORTED = "reported: "
"""How a status begins whose fault a person reported: the register, not the status, says whether it still stands."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What keeps a camera out of service: a reason to count by, and the rule in words."""

    reason: BarReason
    rule: str


def is_special(camera: CameraRegistration) -> bool:
    """Whether this is a special deployment: one marked so, and whatever can be moved (Flagstaff 317.6.F)."""
    return camera.special or camera.kind in ("trailer", "vehicle")


def what_bars(camera: CameraRegistration, at: datetime) -> Bar | None:
    """What keeps the camera's frames from being taken at this time; None when nothing does."""
    if camera.out_of_service is not None:
        return Bar("out-of-service", f"must be in service: {camera.out_of_service.statement} (Flagstaff 317.4.B)")
    if camera.approval is None:
        return Bar("unapproved", "must have its placement approved (Flagstaff 317.3.E, 317.6.F)")
    if camera.public_view is None:
        return Bar("undeclared", "must be declared to view what is exposed to public view (Kentucky IV.M.1)")
    if is_special(camera) and camera.ends_at is None:
        return Bar("deployment-ended", "must have an end, being a special deployment (Flagstaff 317.6.F)")
    if camera.ends_at is not None and at >= camera.ends_at:
        return Bar("deployment-ended", "must be within its deployment, which has ended (Flagstaff 317.6.F)")
    return None


def why_may_not_approve(profile: AgencyProfile, camera: CameraRegistration, title: str) -> Missing | None:
    """Why a person of this title may not approve the placement; None when they may."""
    special = is_special(camera)
    approvers = profile.cameras.approvers(special=special)
    if title in approvers:
        return None
    what = "a special deployment" if special else "a placement"
    rule = f"{what} is approved by: {', '.join(approvers)} ({profile.policy}, {profile.cameras.section})"
    return Missing("approval", rule)


def inspection_due_at(profile: AgencyProfile, camera: CameraRegistration) -> datetime | None:
    """When the camera is to be inspected next (Stockton III.B.1.a); None where the policy names no interval."""
    days = profile.cameras.inspection_every_days
    if days is None:
        return None
    return (camera.last_inspected_at or camera.registered_at) + timedelta(days=days)


def is_overdue(profile: AgencyProfile, camera: CameraRegistration, at: datetime) -> bool:
    """Whether the camera's inspection is overdue."""
    due_at = inspection_due_at(profile, camera)
    return due_at is not None and at > due_at
