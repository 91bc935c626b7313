"""Which past reads a new entry is compared with, and what is told of them: pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.matching.in_force import list_of, why_not_in_force
from services.matcher.index import HotListIndex
from services.matcher.join import Join
from services.matcher.standing import Standing
from services.matcher.windows import TOLD_FOR, SightingWindows


def worth_a_look(entry: HotListEntry, standing: Standing, at: datetime) -> datetime | None:
    """From when on reads are to be compared with the entry; None where its agency, or its standing, allows none.

    An entry that came into force long ago was there when the reads of that time came.
    """
    hot_list = list_of(entry, standing.lists)
    if hot_list is None or hot_list.retroactive_hours == 0 or why_not_in_force(entry, hot_list, at) is not None:
        return None
    since = entry.starts_at - timedelta(hours=hot_list.retroactive_hours)
    return since if at - entry.starts_at < TOLD_FOR else None


def hits_in_the_past(
    reads: Iterable[PlateRead],
    entries: Iterable[HotListEntry],
    told: Iterable[HitRaised],
    *,
    standing: Standing,
    window: timedelta,
    at: datetime,
) -> list[HitRaised]:
    """What is to be told of these reads, all as retroactive; `told` are the hits that are known already.

    Done again after it was broken off, it tells what was not told, under the same ids.
    """
    index = HotListIndex()
    for entry in entries:
        index.put(entry)
    windows = SightingWindows(window, late=TOLD_FOR)
    for hit in told:
        windows.take(hit)
    join = Join(index, standing, windows)
    in_order = sorted(reads, key=lambda read: (read.captured_at, read.id, read.frames))
    found = [hit for read in in_order for hit in join.hits_of(read, at, retroactive=True)]
    return list({hit.id: hit for hit in found}.values())
