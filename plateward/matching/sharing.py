"""Who may learn of a hit: whoever may both know of the read and know the entry, for its own or under an MOU."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.contracts.sharing import DataKind, SharingAgreement


class Sharing:
    """The agreements in force at a time. What none of them grants is not shared."""

    def __init__(self, agreements: Iterable[SharingAgreement], at: datetime) -> None:
        self._agreements = tuple(one for one in agreements if is_in_force(one, at))

    def who_sees(self, read: PlateRead, entry: HotListEntry) -> tuple[str, ...]:
        """The agencies that may see the hit of this read on this entry, by id."""
        return tuple(sorted(self._who_knows_read(read, "hits") & self.who_knows(entry)))

    def who_sees_pictures(self, read: PlateRead) -> frozenset[str]:
        """The agencies that may see the read's pictures."""
        return self._who_knows_read(read, "images")

    def who_knows(self, entry: HotListEntry) -> frozenset[str]:
        """The agencies that may know the entry: its own, and those with which its list is shared (Stockton IV.C.6)."""
        grants = self._grants(entry.agency_id, "lists")
        return frozenset({entry.agency_id}) | {one.grantee for one in grants if _covers_entry(one, entry)}

    def _who_knows_read(self, read: PlateRead, kind: DataKind) -> frozenset[str]:
        grants = self._grants(read.agency_id, kind)
        return frozenset({read.agency_id}) | {one.grantee for one in grants if _covers_camera(one, read.camera_id)}

    def _grants(self, grantor: str, kind: DataKind) -> Iterator[SharingAgreement]:
        return (one for one in self._agreements if one.grantor == grantor and kind in one.data_kinds)


def is_in_force(agreement: SharingAgreement, at: datetime) -> bool:
    """Whether an agreement holds at this time: begun, not over, and not suspended by then."""
    begun = agreement.starts_at <= at < agreement.ends_at
    return begun and (agreement.suspended_at is None or at < agreement.suspended_at)


def _covers_entry(agreement: SharingAgreement, entry: HotListEntry) -> bool:
    return entry.list_id in agreement.list_ids and (
        agreement.categories is None or entry.category in agreement.categories
    )


def _covers_camera(agreement: SharingAgreement, camera_id: str) -> bool:
    return agreement.camera_ids is None or camera_id in agreement.camera_ids
