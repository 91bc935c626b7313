"""The typed shape of an agency's policy. Each rule of a profile cites the section that it comes from."""

import re
from typing import Annotated, Literal

import msgspec

Days = Annotated[int, msgspec.Meta(ge=1)]
Access = Literal["full", "limited"]
Right = Literal["search", "watch-hits", "view-images", "list-entries", "enter-entries", "administer"]


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
    recognition: Recognition = Recognition()

    def rights_of(self, title: str) -> frozenset[Right]:
        """What a person of this job title may do; nothing where the policy does not name the title."""
        access = self.authorised.titles.get(title)
        return frozenset() if access is None else frozenset(self.authorised.rights.get(access, ()))
