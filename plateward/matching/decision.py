"""What a match of a read with an entry comes to: a hit for some agencies, or the reason why it is none."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from plateward.contracts.hits import Comparison, HitRaised, ListVersion, hit_id
from plateward.contracts.hot_list import Grade, HotListEntry
from plateward.contracts.lists import HotList
from plateward.contracts.reads import PlateRead
from plateward.matching.areas import is_inside
from plateward.matching.in_force import Lists, Refusal, grade_of, list_of, why_not_in_force
from plateward.matching.sharing import Sharing

AT_ONCE = timedelta(seconds=10)
"""A read this little older than its entry is live all the same: it takes as long on its way, the vehicle is there."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """That a match is a hit, and whose."""

    hot_list: HotList
    grade: Grade
    agencies: tuple[str, ...]
    images_withheld_from: tuple[str, ...]
    retroactive: bool


Decision = Allowed | Refusal


def decide(read: PlateRead, entry: HotListEntry, lists: Lists, sharing: Sharing, at: datetime) -> Decision:
    """Whether an entry that could be this read's vehicle is a hit at this time, for whom, or why not."""
    hot_list = list_of(entry, lists)
    refusal = why_not_in_force(entry, hot_list, at)
    if refusal is not None:
        return refusal
    assert hot_list is not None
    if not is_inside(entry.area, read.place):
        return Refusal("elsewhere", f"{read.place.name} lies outside of the area in which the vehicle is looked for.")
    retroactive = read.captured_at < entry.starts_at - AT_ONCE
    if retroactive and read.captured_at < entry.starts_at - timedelta(hours=hot_list.retroactive_hours):
        return _too_old(read, entry, hot_list)
    agencies = sharing.who_sees(read, entry)
    if not agencies:
        sentence = f"No agency may know both of reads of {read.agency_id} and of entries on lists of {entry.agency_id}."
        return Refusal("not-shared", sentence)
    withheld = tuple(sorted(set(agencies) - sharing.who_sees_pictures(read)))
    return Allowed(hot_list, grade_of(entry, hot_list), agencies, withheld, retroactive)


def _too_old(read: PlateRead, entry: HotListEntry, hot_list: HotList) -> Refusal:
    sentence = (
        f"The read is of {read.captured_at.isoformat()}, the entry starts at {entry.starts_at.isoformat()}, and "
        f"{hot_list.name} is compared with reads of {hot_list.retroactive_hours} hours before."
    )
    return Refusal("before-entry", sentence)


def hit_of(read: PlateRead, entry: HotListEntry, comparison: Comparison, allowed: Allowed, at: datetime) -> HitRaised:
    """The hit that an allowed match is."""
    hot_list = allowed.hot_list
    return HitRaised(
        id=hit_id(read.id, entry.id),
        raised_at=at,
        read=read,
        entry=entry,
        comparison=comparison,
        agencies=allowed.agencies,
        images_withheld_from=allowed.images_withheld_from,
        list=ListVersion(name=hot_list.name, version=hot_list.version, refreshed_at=hot_list.refreshed_at),
        grade=allowed.grade,
        retroactive=allowed.retroactive,
    )
