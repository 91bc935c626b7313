"""What may be asked of the data: the purposes, the forms in which a reason is accepted, and what else is asked."""

import re
from typing import Annotated, Literal

import msgspec

from plateward.policy.profile.rule import Part, Rule

AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
Doubt = Literal["refuse", "mark"]


class ReasonField(Part, frozen=True, kw_only=True):
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


class ReasonForm(Part, frozen=True, kw_only=True):
    """One form in which a reason is accepted."""

    id: str
    label: str
    fields: tuple[ReasonField, ...]


class Reasons(Rule, frozen=True, kw_only=True):
    """The forms of reason accepted before anyone looks at data."""

    forms: tuple[ReasonForm, ...]
    offence_classes: tuple[str, ...] = ()
    """The classes of offence for which data may be searched; each form then asks for one in `offence_class`."""


class Purpose(Part, frozen=True, kw_only=True):
    """Something the system may be used for."""

    id: str
    label: str


class Purposes(Rule, frozen=True, kw_only=True):
    """What the system may be used for, and what never."""

    allowed: tuple[Purpose, ...]
    prohibited: tuple[Purpose, ...]


class Breadth(Part, frozen=True, kw_only=True):
    """How many agencies and cameras one search may ask at most: what asks everybody is about nobody."""

    owners: AtLeastOne = 250
    cameras: AtLeastOne = 10_000


class InquiryRules(Part, frozen=True, kw_only=True):
    """How case numbers are held to be true, when a supervisor must agree, and who that is.

    Where no section asks for it, the figures are the agency's own choice.
    """

    section: str | None = None
    case_fields: tuple[str, ...] = ("case_number", "incident_number", "dr_number", "event_number", "call_number")
    """The fields of a reason that name a case of the agency's own CAD or RMS."""
    unknown_case: Doubt = "refuse"
    """Whether a search goes on, marked, when the register does not know its case."""
    unreachable_register: Doubt = "mark"
    """Whether a search goes on, marked, when the register cannot be asked."""
    searches_of_a_plate: AtLeastOne = 5
    """So many searches of a plate may one person make without a validated case; then a supervisor must agree."""
    same_words: AtLeastOne = 3
    """So many plates may one person search with the same words and no common case; then they say what each is for."""
    looked_back_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 30
    """How far back those searches count."""
    purposes_to_approve: tuple[str, ...] = ()
    """The purposes for which a supervisor must agree to each search."""
    approvers: tuple[str, ...] = ()
    """The titles that may agree to another's search."""
    approval_lasts_hours: AtLeastOne = 24
    """How long an agreement waits to be used, and a request to be decided."""
    breadth: Breadth = Breadth()
    """How broad a search may be whose purpose `breadth_of` does not name."""
    breadth_of: dict[str, Breadth] = msgspec.field(default_factory=dict)
    """How broad a search may be for these purposes."""

    def breadth_for(self, purpose: str) -> Breadth:
        """How broad a search for this purpose may be."""
        return self.breadth_of.get(purpose, self.breadth)
