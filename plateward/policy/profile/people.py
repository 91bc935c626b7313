"""Who may use the system, and how far."""

from typing import Literal

from plateward.policy.profile.rule import Rule

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


class AuthorisedTitles(Rule, frozen=True, kw_only=True):
    """The job titles that may use the system, and how far."""

    titles: dict[str, Access]
    rights: dict[Access, tuple[Right, ...]]
