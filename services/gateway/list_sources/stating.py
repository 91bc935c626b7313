"""What is stated of a list that files bring: the rules of its agency's profile, and how fresh it is."""

from datetime import datetime

import msgspec

from plateward.contracts.lists import HotList, ListDesignation
from plateward.policy.profile import AgencyProfile, Designation


def brought_list(profile: AgencyProfile, designation: Designation, refreshed_at: datetime) -> HotList:
    """The list as its agency has designated it (Flagstaff 317.4.A.2), at its first version."""
    return HotList(
        agency_id=profile.id,
        list_id=designation.list,
        name=designation.source,
        source=designation.source,
        version=1,
        refreshed_at=refreshed_at,
        designations=(ListDesignation(source=designation.source, categories=designation.categories),),
        fresh_for_hours=profile.hot_lists.fresh_for_hours,
        retroactive_hours=profile.hot_lists.retroactive_hours,
        grade=designation.grade,
    )


def refreshed(stated: HotList, before: HotList | None, *, entries_changed: bool) -> HotList:
    """The list after a refresh: a new version where entries or rules are others than before."""
    if before is None:
        return stated
    rules = msgspec.structs.replace(stated, version=before.version, refreshed_at=before.refreshed_at)
    return msgspec.structs.replace(stated, version=before.version + (entries_changed or rules != before))


def under_rules_of_today(before: HotList, profile: AgencyProfile, designation: Designation | None) -> HotList:
    """The list with the rules that its profile has now, no fresher than it was; not designated, it matches nothing."""
    if designation is None:
        stated = msgspec.structs.replace(before, designations=())
    else:
        stated = brought_list(profile, designation, before.refreshed_at)
    return refreshed(stated, before, entries_changed=False)
