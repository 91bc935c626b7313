"""What all parts of a profile are made of: a rule that cites its section, and measures with their units."""

from typing import Annotated

import msgspec

Days = Annotated[int, msgspec.Meta(ge=1, description="Days, at least one.")]
Hours = Annotated[int, msgspec.Meta(ge=1, description="Hours, at least one.")]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of a rule. An unknown field is refused: a misspelt rule would otherwise bind nobody."""


class Rule(Part, frozen=True, kw_only=True):
    """A part of a policy, and the section that it comes from."""

    section: str
