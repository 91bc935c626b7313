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


def breadth(scopes: tuple[Scope, ...], question: Question, standing: Iterable[Placement]) -> Breadth:
    """The breadth of a question within these scopes, by where the owners' cameras stand now."""
    of_owner: dict[str, list[Scope]] = {}
    for scope in scopes:
        of_owner.setdefault(scope.owner, []).append(scope)
    asked = sum(
        _is_asked(question, camera)
        and any(
            scope.covers(camera.camera_id, camera.latitude, camera.longitude)
            for scope in of_owner.get(camera.agency_id, ())
        )
        for camera in standing
    )
    return Breadth(len(owners_of(scopes)), asked)


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
