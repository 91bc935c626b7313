"""Hot-list entries: the plates that agencies look for, and why."""

import uuid
from typing import ClassVar, Literal

from plateward.contracts.event import Event, Moment
from plateward.contracts.reads import PlateText, VehicleDescription

Category = Literal[
    "stolen-vehicle",
    "stolen-plate",
    "felony-vehicle",
    "wanted-person",
    "missing-person",
    "protective-order",
    "terrorist-related",
    "amber-alert",
    "blue-alert",
    "silver-alert",
    "other",
]
"""Why a plate is listed (Flagstaff 317.2 "Alert Hit"; SVS, SLR and SFR of Stockton IV.C.1 are the first three)."""

Priority = Literal["highest", "high", "routine"]
Grade = Literal["actionable", "informational"]


class HotListEntry(Event, frozen=True):
    """One vehicle of interest on one list, on `hot-list`; a tombstone removes it."""

    TYPE: ClassVar[str] = "plateward.hot-list-entry.v1"

    id: uuid.UUID
    list_id: str
    agency_id: str
    """The agency whose list it is."""
    plate: PlateText
    category: Category
    priority: Priority
    reason: str
    case_number: str
    entered_by: str
    requested_by: str
    contact: str
    entered_at: Moment
    starts_at: Moment
    expires_at: Moment
    version: int
    source: str = "department"
    """Where the list comes from: NCIC, a state's file, a local BOLO, the department (Flagstaff 317.2 "Hot List")."""
    grade: Grade = "actionable"
    state: str | None = None
    vehicle: VehicleDescription | None = None
    instructions: str | None = None
    """What officers must know first, e.g. to stop only with probable cause (Flagstaff 317.7.5)."""
    approved_by: str | None = None
    suspended_at: Moment | None = None
    """Since when it matches no more, the vehicle being recovered (Barstow 466.11); only a new entry lifts that."""
    found_by: str | None = None
    """Who recovered the vehicle."""
