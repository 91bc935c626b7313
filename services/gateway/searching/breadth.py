"""How many agencies and cameras a question asks, and how many its purpose allows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Missing
from services.gateway.searching.found import Placement
from services.gateway.searching.question import Question
from services.gateway.searching.scopes import Scope, owners_of


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many owners grant the question, and how many of their cameras it asks."""

    owners: int
    cameras: int


def asked_entirely(scopes: tuple[Scope, ...], question: Question) -> tuple[str, ...]:
    """The owners all of whose cameras the question asks, wherever they stand: these need only be counted."""
    if question.cameras or question.area is not None:
        return ()
    return owners_of(scope for scope in scopes if scope.cameras is None and scope.area is None)


def cameras_asked(scopes: tuple[Scope, ...], question: Question, standing: Iterable[Placement]) -> int:
    """How many cameras a question within these scopes asks, of those that stand there now."""
    of_owner: dict[str, list[Scope]] = {}
    for scope in scopes:
        of_owner.setdefault(scope.owner, []).append(scope)
    return sum(
        _is_asked(question, camera)
        and any(
            scope.covers(camera.camera_id, camera.latitude, camera.longitude)
            for scope in of_owner.get(camera.agency_id, ())
        )
        for camera in standing
    )


def what_is_too_far(found: Breadth, profile: AgencyProfile, purpose: str) -> tuple[Missing, ...]:
    """What makes a search broader than its purpose allows; empty when nothing does."""
    most = profile.inquiries.breadth_for(purpose)
    missing = []
    if found.owners > most.owners:
        rule = f"{found.owners} agencies would be asked; for this purpose at most {most.owners}: name those that matter"
        missing.append(Missing("owners", rule))
    if found.cameras > most.cameras:
        rule = f"{found.cameras} cameras would be asked; for this purpose at most {most.cameras}: name a place"
        missing.append(Missing("cameras", rule))
    return tuple(missing)


def _is_asked(question: Question, camera: Placement) -> bool:
    named = not question.cameras or camera.camera_id in question.cameras
    return named and (question.area is None or question.area.contains(camera.latitude, camera.longitude))
