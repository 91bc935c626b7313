"""What the matcher knows beside entries: the lists in force, what is shared, and which lists have fallen silent."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from plateward.contracts.lists import HotList, ListAlarm, list_key
from plateward.contracts.sharing import SharingAgreement
from plateward.matching.in_force import is_stale, stale_at
from plateward.matching.sharing import Sharing


class Standing:
    """Lists and agreements as the topics have them. What holds at a time is asked with that time."""

    def __init__(self) -> None:
        self.lists: dict[str, HotList] = {}
        self._agreements: dict[uuid.UUID, SharingAgreement] = {}
        self._told: dict[str, bool] = {}

    def put_list(self, hot_list: HotList) -> None:
        """Adds a list, or replaces the one of the same key."""
        self.lists[list_key(hot_list.agency_id, hot_list.list_id)] = hot_list

    def remove_list(self, key: str) -> None:
        """Removes a list: its entries match no more."""
        self.lists.pop(key, None)
        self._told.pop(key, None)

    def put_agreement(self, agreement: SharingAgreement) -> None:
        """Adds an agreement, or replaces the one of the same id."""
        self._agreements[agreement.id] = agreement

    def remove_agreement(self, agreement_id: uuid.UUID) -> None:
        """Removes an agreement: nothing is shared under it any more."""
        self._agreements.pop(agreement_id, None)

    def sharing(self, at: datetime) -> Sharing:
        """What is shared at this time."""
        return Sharing(self._agreements.values(), at)

    def silent(self, at: datetime) -> dict[str, bool]:
        """Of each list, whether it is silent for want of a refresh."""
        return {key: is_stale(hot_list, at) for key, hot_list in self.lists.items()}

    def alarms(self, at: datetime) -> Iterator[ListAlarm]:
        """What has changed of the lists' silence since it was last asked: at first, how each of them is."""
        for key, silent in self.silent(at).items():
            if self._told.get(key) != silent:
                self._told[key] = silent
                yield _alarm(self.lists[key], silent=silent)


def _alarm(hot_list: HotList, *, silent: bool) -> ListAlarm:
    since = stale_at(hot_list) if silent else None
    return ListAlarm(
        agency_id=hot_list.agency_id,
        list_id=hot_list.list_id,
        name=hot_list.name,
        at=since or hot_list.refreshed_at,
        silent=silent,
        refreshed_at=hot_list.refreshed_at,
        fresh_for_hours=hot_list.fresh_for_hours,
    )
