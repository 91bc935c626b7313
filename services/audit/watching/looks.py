"""A search as those who watch see it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from plateward.contracts.access import AccessRecord

_CASE = "number"
"""What the name of a reason's field ends with that holds the number of a case, an event or a report."""

_FURTHER_PAGE = "search"
"""What the query of a further page holds: the number of the search that it is a page of."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who searched for what, when, from where, under which case, and in what words."""

    access_id: uuid.UUID
    at: datetime
    person_id: str
    agency_id: str
    session: str
    address: str
    plate: str
    """As it was asked for, or nothing: a canvass has none."""
    case: str
    """The number that the reason gives, or nothing."""
    words: str
    """What the reason says otherwise."""


def look_of(record: AccessRecord) -> Look | None:
    """The search that a record of asking tells of; None for all other records, and for further pages of a search."""
    if record.phase != "asked" or record.action != "search" or _FURTHER_PAGE in record.query:
        return None
    values = record.reason.values
    return Look(
        access_id=record.access_id,
        at=record.at,
        person_id=record.actor.person_id,
        agency_id=record.actor.agency_id,
        session=record.session,
        address=record.address,
        plate=record.query.get("plate", ""),
        case=next((value for name, value in values.items() if name.endswith(_CASE)), ""),
        words=" ".join(value for name, value in values.items() if not name.endswith(_CASE)),
    )
