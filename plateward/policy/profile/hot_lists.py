"""Which lists an agency matches against, how fresh they are, and what its own entries must say."""

from typing import Annotated, Literal

import msgspec

from plateward.contracts.hot_list import Category, Grade
from plateward.policy.profile.rule import Days, Hours, Part, Rule

EntryField = Literal[
    "case_number",
    "reason",
    "entered_by",
    "requested_by",
    "contact",
    "instructions",
    "other_information",
    "expires_at",
    "approved_by",
]


class Designation(Part, frozen=True, kw_only=True):
    """A list in force: its name, where it comes from, and the categories of it that are looked for."""

    list: str
    source: str
    categories: tuple[Category, ...]
    grade: Grade = "actionable"
    """What is informational brings a vehicle to notice, and is no ground to act (Stockton IV.C.4)."""
    readers: tuple[str, ...] = ()
    """The only titles that may read it (Barstow 466.4.e); empty for everybody who reads lists and hits at all."""
    special: bool = False
    """Whether it is renewed under a case number, and its first file approved (Kentucky IV.I.5)."""


class HotLists(Rule, frozen=True, kw_only=True):
    """The lists that the agency has designated (Flagstaff 317.2, 317.4.A.2); of no other is there a hit."""

    designations: tuple[Designation, ...]
    fresh_for_hours: Hours | None
    """After as many hours without a refresh a list stops matching (Barstow 466.11); None where the policy is silent."""
    retroactive_hours: Annotated[int, msgspec.Meta(ge=0)] = 24
    """How far back reads are compared with a new entry; 0 is never. No policy names it: it is the agency's choice."""
    designators: tuple[str, ...] = ()
    """The titles that designate lists (Flagstaff 317.4.A.2, Stockton IV.C.2)."""
    shared_by: tuple[str, ...] = ()
    """The titles without whose approval no list of the department leaves it (Stockton IV.C.6)."""

    def may_read(self, list_id: str, title: str) -> bool:
        """Whether a person of this title may read what is on the list, in the list itself and in its hits."""
        return all(title in one.readers for one in self.designations if one.list == list_id and one.readers)

    def unread_by(self, title: str) -> tuple[str, ...]:
        """The lists that a person of this title may not read."""
        return tuple(one.list for one in self.designations if not self.may_read(one.list, title))


class ApprovalChain(Part, frozen=True, kw_only=True):
    """Who approves the entries of some: the first, and those who stand in when the one before cannot be reached."""

    requesters: tuple[str, ...]
    """The titles whose entries these are; empty for everybody whom no other chain names."""
    approvers: tuple[str, ...]
    in_order: bool = True
    """Whether a later one says why those before could not be reached (Barstow 466.11); else any of them approves."""

    def those_before(self, title: str) -> tuple[str, ...]:
        """Who would have to be asked before a person of this title."""
        return self.approvers[: self.approvers.index(title)] if self.in_order and title in self.approvers else ()


class CustomEntries(Rule, frozen=True, kw_only=True):
    """The department's own entries: what they say, who approves them, and when they end."""

    required: tuple[EntryField, ...]
    required_when_distributed: tuple[EntryField, ...] = ()
    """What an entry must say besides when more than one officer gets it (Stockton IV.D.2)."""
    approval: tuple[ApprovalChain, ...]
    """Empty where no approval is asked for."""
    longest_days: Days
    """Where the policy names none it is the agency's choice: an entry without an end is forgotten."""
    longest_days_by_category: dict[Category, Days] = msgspec.field(default_factory=dict)
    removed_on_recovery_by: Literal["finder", "enterer", "anybody"] | None = None
    """Who has an entry removed when the vehicle is found (Barstow 466.11)."""

    def chain_of(self, title: str) -> ApprovalChain | None:
        """Who approves what a person of this title enters; None when nobody need."""
        named = next((chain for chain in self.approval if title in chain.requesters), None)
        return named or next((chain for chain in self.approval if not chain.requesters), None)

    def approvers(self) -> frozenset[str]:
        """All titles that approve entries."""
        return frozenset(title for chain in self.approval for title in chain.approvers)

    def lasts_days(self, category: Category) -> int:
        """How many days an entry of this category lasts at most."""
        return min(self.longest_days, self.longest_days_by_category.get(category, self.longest_days))
