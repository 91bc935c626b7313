"""Who keeps the cameras and allows where they stand."""

from plateward.policy.profile.people import Right
from plateward.policy.profile.rule import Days, Part, Rule


class Beat(Part, frozen=True, kw_only=True):
    """A beat, and the cameras that its officers watch (Kentucky IV.K)."""

    id: str
    label: str
    cameras: tuple[str, ...]


class Cameras(Rule, frozen=True, kw_only=True):
    """Who keeps the cameras, who allows where they stand, and how often they are inspected."""

    administrators: tuple[str, ...]
    """The titles that register, declare, re-key and withdraw cameras."""
    placement_approvers: tuple[str, ...] | None
    """The titles that allow a camera's place; None where the policy is silent: then those of the administrators."""
    special_deployment_approvers: tuple[str, ...] | None
    """The titles that allow a special deployment; None where the policy is silent: then those of any placement."""
    inspection_every_days: Days | None
    """None where the policy is silent."""
    beats: tuple[Beat, ...] = ()

    def approvers(self, *, special: bool) -> tuple[str, ...]:
        """The titles that may approve a deployment."""
        placement = self.administrators if self.placement_approvers is None else self.placement_approvers
        return self.special_deployment_approvers if special and self.special_deployment_approvers else placement

    def rights_of(self, title: str) -> frozenset[Right]:
        """What a title may do with cameras, whether or not it may see any data."""
        rights: set[Right] = set()
        if title in self.administrators:
            rights |= {"watch-cameras", "administer-cameras"}
        if title in self.approvers(special=False) + self.approvers(special=True):
            rights |= {"watch-cameras", "approve-cameras"}
        return frozenset(rights)
