"""The lists that the gateway keeps: each agency's own, stated with its rules and found fresh again and again."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from plateward.contracts.lists import HotList, ListAlarm, ListDesignation
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from services.gateway.entries.new_entry import DEPARTMENT_LIST


class ListStore(Protocol):
    """Where lists are kept, with the outbox that carries each statement to the topic in the same transaction."""

    async def state(self, agency_id: str, list_id: str, decide: Callable[[HotList | None], HotList]) -> None:
        """Replaces what is stated of a list by what is decided from it, alone with it."""


class AlarmStore(Protocol):
    """What the matchers say of lists' silence."""

    async def silent(self, agency_id: str) -> list[ListAlarm]:
        """The agency's lists that match no read at present."""


class HotLists:
    """States the agencies' own lists.

    Changes go out in the order in which they were made: a list stated after them is what the agency has, so that each
    statement is a refresh.
    """

    def __init__(self, store: ListStore, policies: PolicyCatalogue, now: Callable[[], datetime]) -> None:
        self._store, self._policies, self._now = store, policies, now

    async def restate(self) -> None:
        """States every agency's own list, as its profile designates it."""
        for profile in self._policies.values():
            at = self._now()

            def decide(before: HotList | None, profile: AgencyProfile = profile, at: datetime = at) -> HotList:
                return department_list(profile, before, at)

            await self._store.state(profile.id, DEPARTMENT_LIST, decide)


def department_list(profile: AgencyProfile, before: HotList | None, at: datetime) -> HotList:
    """An agency's own list as its profile has it now; a new version where that says something else than before."""
    rules = profile.hot_lists
    designated = [one for one in rules.designations if one.list == DEPARTMENT_LIST]
    stated = HotList(
        agency_id=profile.id,
        list_id=DEPARTMENT_LIST,
        name=f"Own list of {profile.name}",
        source=DEPARTMENT_LIST,
        version=1,
        refreshed_at=at,
        designations=tuple(ListDesignation(source=one.source, categories=one.categories) for one in designated),
        fresh_for_hours=rules.fresh_for_hours,
        retroactive_hours=rules.retroactive_hours,
        # Where not everybody's entries are approved, each entry says by itself whether it still must be.
        approval_required=any(not chain.requesters for chain in profile.custom_entries.approval),
    )
    if before is None:
        return stated
    unchanged = msgspec.structs.replace(stated, version=before.version, refreshed_at=before.refreshed_at) == before
    return msgspec.structs.replace(stated, version=before.version if unchanged else before.version + 1)


def with_changed_entries(before: HotList, at: datetime) -> HotList:
    """The list after one of its entries was changed."""
    return msgspec.structs.replace(before, version=before.version + 1, refreshed_at=at)
