"""The typed shape of an agency's policy. Each rule of a profile cites the section that it comes from."""

import re
from typing import Annotated, Literal

import msgspec

from plateward.policy.inquiry_rules import InquiryRules

Days = Annotated[int, msgspec.Meta(ge=1)]
Access = Literal["full", "limited"]
Right = Literal[
    "search",
    "watch-hits",
    "view-images",
    "list-entries",
    "enter-entries",
    "administer",
    "watch-cameras",
    "administer-cameras",
    "approve-cameras",
]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a policy, and the section that it comes from."""

    section: str


class Retention(Rule, frozen=True, kw_only=True):
    """How many days reads are kept, counted from the image's time."""

    default_days: Days
    source_days: dict[str, Days] = {}
    """Days by source of the read, where a policy sets another time for one."""


class Recognition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How sure a read must be to raise a hit. Where no section asks for it, the figure is the agency's own choice."""

    section: str | None = None
    least_confidence: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] = 0.7
    """Reads less probable than this are kept apart."""


class ReasonField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to fill in; `pattern` is what the whole value must look like, and `hint` says that in words."""

    name: str
    label: str
    pattern: str = ".+"
    min_characters: int = 1
    hint: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for a pattern that is no regular expression."""
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"pattern: {error}") from error


class ReasonForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One form in which a reason is accepted."""

    id: str
    label: str
    fields: tuple[ReasonField, ...]


class Reasons(Rule, frozen=True, kw_only=True):
    """The forms of reason accepted before anyone looks at data."""

    forms: tuple[ReasonForm, ...]


class Purpose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something the system may be used for."""

    id: str
    label: str


class Purposes(Rule, frozen=True, kw_only=True):
    """What the system may be used for, and what never."""

    allowed: tuple[Purpose, ...]
    prohibited: tuple[Purpose, ...]


class AuthorisedTitles(Rule, frozen=True, kw_only=True):
    """The job titles that may use the system, and how far."""

    titles: dict[str, Access]
    rights: dict[Access, tuple[Right, ...]]


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


class AgencyProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency and its policy, as far as software holds it."""

    id: str
    name: str
    policy: str
    """The policy's own name and number."""
    state: str
    timezone: str
    retention: Retention
    reasons: Reasons
    purposes: Purposes
    authorised: AuthorisedTitles
    cameras: Cameras
    recognition: Recognition = Recognition()
    inquiries: InquiryRules = InquiryRules()

    def rights_of(self, title: str) -> frozenset[Right]:
        """What a person of this job title may do; nothing where the policy does not name the title."""
        access = self.authorised.titles.get(title)
        # Whoever uses the system reports damage at once (Stockton III.C.4), so sees how the cameras are.
        data: tuple[Right, ...] = () if access is None else (*self.authorised.rights.get(access, ()), "watch-cameras")
        return frozenset(data) | self.cameras.rights_of(title)
