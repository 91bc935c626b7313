"""What may be asked of the data: the purposes, and the forms in which a reason is accepted."""

import re

from plateward.policy.profile.rule import Part, Rule


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
