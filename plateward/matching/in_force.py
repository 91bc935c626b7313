"""Whether an entry matches at a time: its own times, its approval, and what its list says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from plateward.contracts.hot_list import Grade, HotListEntry
from plateward.contracts.lists import HotList, list_key

Lists = Mapping[str, HotList]
"""All lists by `list_key`."""

Silence = Literal[
    "suspended",
    "not-started",
    "expired",
    "list-unknown",
    "not-designated",
    "not-approved",
    "list-stale",
    "elsewhere",
    "before-entry",
    "not-shared",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a match is no hit: a name to count by, and a sentence for people."""

    reason: Silence
    sentence: str


def list_of(entry: HotListEntry, lists: Lists) -> HotList | None:
    """The list that the entry is on, where the topic holds one."""
    return lists.get(list_key(entry.agency_id, entry.list_id))


def why_not_in_force(entry: HotListEntry, hot_list: HotList | None, at: datetime) -> Refusal | None:
    """Why the entry does not match at this time; None when it is in force."""
    return _by_itself(entry, at) or _by_its_list(entry, hot_list, at)


def stale_at(hot_list: HotList) -> datetime | None:
    """When the list falls silent unless it is refreshed (Barstow 466.11); None when it never does."""
    if hot_list.fresh_for_hours is None:
        return None
    return hot_list.refreshed_at + timedelta(hours=hot_list.fresh_for_hours)


def is_stale(hot_list: HotList, at: datetime) -> bool:
    """Whether the list is silent for want of a refresh."""
    end = stale_at(hot_list)
    return end is not None and at >= end


def grade_of(entry: HotListEntry, hot_list: HotList) -> Grade:
    """Whether a hit is to be acted on, or informs only: the weaker of the two holds (Stockton IV.C.4-5)."""
    return "informational" if "informational" in (entry.grade, hot_list.grade) else "actionable"


def _by_itself(entry: HotListEntry, at: datetime) -> Refusal | None:
    if entry.awaits_approval:
        return Refusal("not-approved", "Whoever approves entries has not approved it.")
    if entry.suspended_at is not None:
        who = entry.found_by or "a member of its agency"
        sentence = f"Suspended at {entry.suspended_at.isoformat()}: recovered by {who}. Only a new entry matches again."
        return Refusal("suspended", sentence)
    if at < entry.starts_at:
        return Refusal("not-started", f"It starts at {entry.starts_at.isoformat()}.")
    if at >= entry.expires_at:
        return Refusal("expired", f"It expired at {entry.expires_at.isoformat()}.")
    return None


def _by_its_list(entry: HotListEntry, hot_list: HotList | None, at: datetime) -> Refusal | None:
    if hot_list is None:
        return Refusal("list-unknown", f"{entry.agency_id} has no list {entry.list_id}.")
    if not _is_designated(entry, hot_list):
        sentence = f"{entry.agency_id} has not designated {entry.category} from {entry.source} on {hot_list.name}."
        return Refusal("not-designated", sentence)
    if hot_list.approval_required and entry.approved_by is None:
        return Refusal("not-approved", f"Nobody has approved it, as {hot_list.name} demands.")
    if is_stale(hot_list, at):
        sentence = (
            f"{hot_list.name} was last refreshed at {hot_list.refreshed_at.isoformat()} and matches for "
            f"{hot_list.fresh_for_hours} hours after a refresh."
        )
        return Refusal("list-stale", sentence)
    return None


def _is_designated(entry: HotListEntry, hot_list: HotList) -> bool:
    return any(one.source == entry.source and entry.category in one.categories for one in hot_list.designations)
