"""The join of reads with the hot list: pure, over one read at a time and what the matcher holds."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead
from plateward.matching.decision import decide, hit_of
from plateward.matching.in_force import Refusal
from plateward.matching.news import why_no_news
from services.matcher import metrics
from services.matcher.index import HotListIndex
from services.matcher.standing import Standing
from services.matcher.windows import SightingWindows


class Join:
    """Entries, lists, agreements and open hits: all that a read is joined with."""

    def __init__(self, index: HotListIndex, standing: Standing, windows: SightingWindows) -> None:
        self._index, self._standing, self._windows = index, standing, windows

    def hits_of(self, read: PlateRead, at: datetime, *, retroactive: bool = False) -> list[HitRaised]:
        """What is to be told of a read: new hits, and earlier ones seen once more; nothing that was told before."""
        if why_no_news(read) is not None:
            return []
        joined = [self._windows.joined(hit) for hit in self._allowed(read, at, retroactive=retroactive)]
        return [hit for hit in joined if hit is not None]

    def _allowed(self, read: PlateRead, at: datetime, *, retroactive: bool) -> Iterator[HitRaised]:
        sharing = self._standing.sharing(at)
        for match in self._index.considered(read):
            decision = decide(read, match.entry, self._standing.lists, sharing, at)
            if isinstance(decision, Refusal):
                metrics.REFUSED.labels(decision.reason).inc()
            else:
                hit = hit_of(read, match.entry, match.comparison, decision, at)
                yield msgspec.structs.replace(hit, retroactive=True) if retroactive else hit
