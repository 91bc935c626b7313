"""A match: an entry whose plate could be a read's, and how."""

from dataclasses import dataclass

from plateward.contracts.hits import Comparison
from plateward.contracts.hot_list import HotListEntry


@dataclass(frozen=True, slots=True)
class Match:
    """What the index finds. Whether the entry is in force, and for whom, is not said by it."""

    entry: HotListEntry
    comparison: Comparison
