"""How sure a read must be, and how long reads are kept."""

from typing import Annotated

import msgspec

from plateward.policy.profile.rule import Days, Part, Rule


class Retention(Rule, frozen=True, kw_only=True):
    """How many days reads are kept, counted from the image's time."""

    default_days: Days
    source_days: dict[str, Days] = msgspec.field(default_factory=dict)
    """Days by source of the read, where a policy sets another time for one."""


class Recognition(Part, frozen=True, kw_only=True):
    """How sure a read must be to raise a hit. Where no section asks for it, the figure is the agency's own choice."""

    section: str | None = None
    least_confidence: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] = 0.7
    """Reads less probable than this are kept apart."""
