"""What somebody asks to be entered, what it lacks by their agency's policy, and the entry that it becomes. Pure."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast, get_args

from plateward.contracts.hot_list import Area, Category, HotListEntry, Priority
from plateward.contracts.reads import VehicleDescription
from plateward.plates.normalise import NotAPlate
from plateward.plates.patterns import normalise_listed
from plateward.policy.profile import AgencyProfile, CustomEntries
from plateward.policy.reasons import Lacking, Missing
from services.gateway.people import Person
from services.gateway.writing import unwritable

DEPARTMENT_LIST = "department"
"""The list of an agency's own entries."""

DISTRIBUTED_AT_MOST = 50
"""So many members are named one by one; more is everybody."""

WRITTEN = {
    "case_number": "The case number",
    "reason": "The reason",
    "requested_by": "The requesting member's name",
    "contact": "The requesting member's contact",
    "instructions": "The instructions",
    "other_information": "Other information",
}
"""What is written into an entry and a policy may ask for. Its end, its enterer and its approval it always has."""


class InvalidEntry(Lacking):
    """An entry that cannot be taken, renewed or decided on so; says what is missing."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What somebody asks to be entered, as they wrote it."""

    plate: str
    category: str
    priority: str
    reason: str
    case_number: str
    requested_by: str
    contact: str
    expires_at: datetime
    state: str | None = None
    instructions: str | None = None
    other_information: str | None = None
    requester_title: str | None = None
    """The title of the requesting member, where that is another than who enters it."""
    distribution: tuple[str, ...] = ()
    """Usernames of those who alone get its hits; empty is everybody of the agency who watches."""
    vehicle: VehicleDescription | None = None
    near_misses: bool = False
    area: Area | None = None


def what_an_entry_lacks(new: NewEntry, profile: AgencyProfile, at: datetime) -> tuple[Missing, ...]:
    """What keeps an entry from being taken; empty when nothing does."""
    rules = profile.custom_entries
    missing = [
        Missing(name, f"{label} is missing")
        for name, label in WRITTEN.items()
        if name in asked_of(new, rules) and not (getattr(new, name) or "").strip()
    ]
    missing += unwritable(_texts(new))
    try:
        normalise_listed(new.plate)
    except NotAPlate as error:
        missing.append(Missing("plate", str(error)))
    if new.category not in get_args(Category):
        missing.append(Missing("category", f"must be one of: {', '.join(get_args(Category))}"))
    if new.priority not in get_args(Priority):
        missing.append(Missing("priority", f"must be one of: {', '.join(get_args(Priority))}"))
    if new.state is not None and not re.fullmatch("[A-Z]{2}", new.state):
        missing.append(Missing("state", "must be the two capital letters of a state of issue"))
    if new.requester_title is not None and new.requester_title not in profile.authorised.titles:
        missing.append(Missing("requester_title", f"is no title that {profile.policy} gives rights to"))
    if len(new.distribution) > DISTRIBUTED_AT_MOST:
        missing.append(Missing("distribution", f"names at most {DISTRIBUTED_AT_MOST} members; leave it out for all"))
    missing += what_its_end_lacks(new.category, new.expires_at, rules, at)
    return tuple(missing)


def asked_of(new: NewEntry, rules: CustomEntries) -> frozenset[str]:
    """The fields that the policy asks for; more of them when more than one officer gets it (Stockton IV.D.2)."""
    distributed = len(set(new.distribution)) != 1
    return frozenset(rules.required) | frozenset(rules.required_when_distributed if distributed else ())


def what_its_end_lacks(category: str, expires_at: datetime, rules: CustomEntries, at: datetime) -> tuple[Missing, ...]:
    """What is wrong with an end that is asked for now; nothing when it lies within the category's days."""
    known = category in get_args(Category)
    days = rules.lasts_days(cast("Category", category)) if known else rules.longest_days
    if at < expires_at <= at + timedelta(days=days):
        return ()
    return (Missing("expires_at", f"must lie in the future, at most {days} days ahead"),)


def requester_title(new: NewEntry, enterer: Person) -> str:
    """The title whose chain approves it: the requester's (Barstow 466.11), who is the enterer unless they say else."""
    others = new.requested_by.strip().casefold() not in ("", enterer.name.casefold())
    return new.requester_title if others and new.requester_title is not None else enterer.title


def as_entry(new: NewEntry, enterer: Person, at: datetime, *, awaits_approval: bool) -> HotListEntry:
    """The entry that it becomes; it lacks nothing."""
    return HotListEntry(
        id=uuid.uuid4(),
        list_id=DEPARTMENT_LIST,
        agency_id=enterer.agency_id,
        plate=normalise_listed(new.plate),
        category=cast("Category", new.category),
        priority=cast("Priority", new.priority),
        reason=new.reason.strip(),
        case_number=new.case_number.strip(),
        entered_by=enterer.name,
        requested_by=new.requested_by.strip() or enterer.name,
        contact=new.contact.strip(),
        entered_at=at,
        starts_at=at,
        expires_at=new.expires_at,
        version=1,
        state=new.state,
        vehicle=new.vehicle,
        instructions=new.instructions,
        other_information=new.other_information,
        awaits_approval=awaits_approval,
        distribution=tuple(sorted(set(new.distribution))),
        near_misses=new.near_misses,
        area=new.area,
    )


def _texts(new: NewEntry) -> dict[str, str | None]:
    vehicle = new.vehicle or VehicleDescription()
    texts = {name: getattr(new, name) for name in WRITTEN}
    parts = {f"vehicle.{name}": getattr(vehicle, name) for name in ("make", "model", "colour", "kind")}
    lists = {"vehicle.features": ", ".join(vehicle.features), "distribution": ", ".join(new.distribution)}
    return texts | parts | lists
