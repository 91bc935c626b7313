"""Which lists an agency matches against, how fresh they are, and what its own entries must say."""

from typing import Annotated

import msgspec

from plateward.contracts.hot_list import Category
from plateward.policy.profile.rule import Hours, Part, Rule


class Designation(Part, frozen=True, kw_only=True):
    """A list in force: its name, where it comes from, and the categories of it that are looked for."""

    list: str
    source: str
    categories: tuple[Category, ...]


class HotLists(Rule, frozen=True, kw_only=True):
    """The lists that the agency has designated (Flagstaff 317.2, 317.4.A.2); of no other is there a hit."""

    designations: tuple[Designation, ...]
    fresh_for_hours: Hours | None
    """After as many hours without a refresh a list stops matching (Barstow 466.11); None where the policy is silent."""
    retroactive_hours: Annotated[int, msgspec.Meta(ge=0)] = 24
    """How far back reads are compared with a new entry; 0 is never. No policy names it: it is the agency's choice."""
