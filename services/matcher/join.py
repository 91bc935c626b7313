"""The join of reads with the hot list: pure, over one read at a time and the index."""

from datetime import datetime

from plateward.contracts.hits import HitRaised, hit_id
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.plates.confusion import match_key
from services.matcher.index import HotListIndex
from services.matcher.match import Match, is_inside


def hits_of(read: PlateRead, index: HotListIndex, at: datetime) -> list[HitRaised]:
    """The hits of a read: one for each entry in force whose plate could be its own."""
    if not is_news(read):
        return []
    return [
        _hit(read, match, at)
        for match in index.considered(read)
        if in_force(match.entry, at) and may_match(match.entry, read) and is_inside(match.entry.area, read.place)
    ]


def is_news(read: PlateRead) -> bool:
    """Whether this record of a read can raise hits: it is sure enough, and was not matched before as it is.

    A pass is told again when it is over; only where the vote has come to another plate is that to be matched.
    """
    told_before = read.supersedes is not None and match_key(read.supersedes) == match_key(read.plate)
    return not read.below_threshold and not told_before


def in_force(entry: HotListEntry, at: datetime) -> bool:
    """Whether an entry matches now: it has started and has not expired (Flagstaff 317.7.7, Stockton IV.D.1)."""
    return entry.starts_at <= at < entry.expires_at


def may_match(entry: HotListEntry, read: PlateRead) -> bool:
    """Whether the entry's agency may learn of the read: only of its own, without an agreement (Flagstaff 317.8.B)."""
    return entry.agency_id == read.agency_id


def _hit(read: PlateRead, match: Match, at: datetime) -> HitRaised:
    return HitRaised(
        id=hit_id(read.id, match.entry.id),
        raised_at=at,
        read=read,
        entry=match.entry,
        comparison=match.comparison,
        agencies=(match.entry.agency_id,),
    )
