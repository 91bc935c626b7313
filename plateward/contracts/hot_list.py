"""Hot-list entries: the plates that agencies look for, and why."""

import uuid
from typing import Annotated, ClassVar, Literal

import msgspec

from plateward.contracts.event import Event, Moment, Value
from plateward.contracts.reads import VehicleDescription

# A whole plate; or at least three known characters, with `?` for one character and at most two `*` for any number.
ListedPlate = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=12,
        pattern=r"^(?:[A-Z0-9]+|(?=(?:[?*]*[A-Z0-9]){3})(?!(?:[^*]*[*]){3})[A-Z0-9?*]+)(?!\n)$",
    ),
]
"""A plate as it is looked for: whole as a read's is, or a partial one such as `7AB?*` (Flagstaff 317.5.3)."""

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


class Area(Value, frozen=True):
    """A circle on the ground."""

    latitude: Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
    longitude: Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]
    radius_m: Annotated[float, msgspec.Meta(gt=0.0)]


class HotListEntry(Event, frozen=True):
    """One vehicle of interest on one list, on `hot-list`; a tombstone removes it."""

    TYPE: ClassVar[str] = "plateward.hot-list-entry.v1"

    id: uuid.UUID
    list_id: str
    agency_id: str
    """The agency whose list it is."""
    plate: ListedPlate
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
    other_information: str | None = None
    """What else is pertinent (Flagstaff 317.7.6)."""
    approved_by: str | None = None
    """Who approved it, with the title (Barstow 466.11)."""
    approved_at: Moment | None = None
    awaits_approval: bool = False
    """Whether somebody must still approve it: until then it matches nothing (Flagstaff 317.7)."""
    distribution: tuple[str, ...] = ()
    """The members, by username, who alone get its hits; empty is everybody who watches (Stockton IV.D.2)."""
    suspended_at: Moment | None = None
    """Since when it matches no more, the vehicle being recovered (Barstow 466.11); only a new entry lifts that."""
    found_by: str | None = None
    """Who recovered the vehicle."""
    near_misses: bool = False
    """Whether a read with one character inserted or lost is to be told as well."""
    area: Area | None = None
    """Where the vehicle is looked for; None is everywhere."""
