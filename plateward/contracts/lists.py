"""Hot lists as wholes: where one comes from, how fresh it is, what its agency has designated of it; and its silence."""

from typing import Annotated, ClassVar

import msgspec

from plateward.contracts.event import Event, Moment, Value
from plateward.contracts.hot_list import Category, Grade

Hours = Annotated[int, msgspec.Meta(ge=1)]


class ListDesignation(Value, frozen=True):
    """What an agency has designated of a list: the source, and the categories looked for (Flagstaff 317.4.A.2)."""

    source: str
    categories: tuple[Category, ...]


class HotList(Event, frozen=True):
    """A list as it is in force, on `hot-lists`; its entries are on `hot-list`. The newest of a list holds."""

    TYPE: ClassVar[str] = "plateward.hot-list.v1"

    agency_id: str
    list_id: str
    name: str
    source: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    """Rises with each change of the list's entries or rules, not when it is found to be the same."""
    refreshed_at: Moment
    """When its entries were last known to be what its source has."""
    designations: tuple[ListDesignation, ...] = ()
    """Of an entry that none of them names there is no hit."""
    fresh_for_hours: Hours | None = None
    """After as many hours without a refresh it stops matching (Barstow 466.11); None: it never does."""
    retroactive_hours: Annotated[int, msgspec.Meta(ge=0)] = 0
    """How far back reads are compared with an entry that comes into force; 0 is not at all."""
    grade: Grade = "actionable"
    approval_required: bool = False
    """Whether an entry without an approval is not in force yet."""


class ListAlarm(Event, frozen=True):
    """That a list has fallen silent, or speaks again, on `list-alarms`; the newest of a list holds."""

    TYPE: ClassVar[str] = "plateward.list-alarm.v1"

    agency_id: str
    list_id: str
    name: str
    at: Moment
    """Since when it is so."""
    silent: bool
    refreshed_at: Moment
    fresh_for_hours: Hours | None = None


def list_key(agency_id: str, list_id: str) -> str:
    """What a list is known by: an agency's lists are named by itself, so two may have one of the same id."""
    return f"{agency_id}/{list_id}"
