"""What a compiled list is made of, what a definition lacks, and what becomes of the entries of a run. Pure."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Annotated, Literal, get_args

import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.event import Moment, derive_id
from plateward.contracts.hot_list import Category, HotListEntry
from plateward.contracts.questions import VehicleAsked
from plateward.policy.profile import AgencyProfile, Designation
from plateward.policy.reasons import Missing
from services.gateway.list_sources.designated import COMPILED
from services.gateway.writing import unwritable

SOURCES_AT_MOST = 4
EVERY_HOURS_AT_MOST = 24
"""Special lists are made anew at least once a day (Stockton IV.C.2)."""

Hours = Annotated[int, msgspec.Meta(ge=1, le=72)]
Plates = Mapping[str, str]
"""Plates by their match key: what a reader confuses is one."""

DefinitionState = Literal["waiting", "running", "refused", "stopped"]


class OnList(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="list"):
    """The whole plates on one of the agency's lists, of these categories; none named: of all."""

    list_id: str
    categories: tuple[Category, ...] = ()


class SeenBy(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="reads"):
    """The plates that the agency's cameras have read of late, of such a vehicle, at least so many times."""

    hours_back: Hours = 24
    cameras: tuple[str, ...] = ()
    vehicle: VehicleAsked = VehicleAsked()
    at_least: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1


Source = OnList | SeenBy


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison that is made again and again, and who has approved it."""

    id: uuid.UUID
    agency_id: str
    list_id: str
    name: str
    category: Category
    case_number: str
    contact: str
    sources: tuple[Source, ...]
    every_hours: int
    asked_by: Actor
    asked_at: Moment
    decided_by: Actor | None = None
    decided_at: Moment | None = None
    agreed: bool | None = None
    statement: str = ""
    stopped_at: Moment | None = None
    last_run_at: Moment | None = None

    @property
    def state(self) -> DefinitionState:
        """How it stands."""
        if self.stopped_at is not None:
            return "stopped"
        if self.agreed is None:
            return "waiting"
        return "running" if self.agreed else "refused"

    def is_due(self, at: datetime) -> bool:
        """Whether it is to be run now."""
        since = self.last_run_at
        return self.state == "running" and (since is None or at >= since + timedelta(hours=self.every_hours))


def designation_of(profile: AgencyProfile) -> Designation | None:
    """The agency's designation of compiled lists; None where it has none."""
    return next((one for one in profile.hot_lists.designations if one.source == COMPILED), None)


def what_a_definition_lacks(definition: Definition, profile: AgencyProfile) -> tuple[Missing, ...]:
    """What keeps it from being put before who approves; empty when nothing does."""
    designation = designation_of(profile)
    if designation is None:
        return (Missing("list", f"{profile.policy} ({profile.hot_lists.section}) designates no compiled list"),)
    texts = {name: getattr(definition, name) for name in ("name", "case_number", "contact")}
    missing = [Missing(name, "is missing") for name, text in texts.items() if not text.strip()]
    missing += unwritable(texts)
    if definition.category not in designation.categories:
        missing.append(Missing("category", f"must be one of: {', '.join(designation.categories)}"))
    if not 1 <= definition.every_hours <= EVERY_HOURS_AT_MOST:
        missing.append(Missing("every_hours", f"must be 1 to {EVERY_HOURS_AT_MOST}"))
    return (*missing, *_sources_missing(definition.sources, profile))


def _sources_missing(sources: Sequence[Source], profile: AgencyProfile) -> tuple[Missing, ...]:
    if not 1 <= len(sources) <= SOURCES_AT_MOST:
        return (Missing("sources", f"must be 1 to {SOURCES_AT_MOST}"),)
    designated = {one.list for one in profile.hot_lists.designations if one.source != COMPILED}
    strange = sorted({one.list_id for one in sources if isinstance(one, OnList)} - designated)
    if strange:
        return (Missing("sources", f"no list of the agency is called {', '.join(strange)}"),)
    if len(sources) == 1 and not (isinstance(sources[0], SeenBy) and sources[0].vehicle != VehicleAsked()):
        return (Missing("sources", "one source is compared with nothing; alone it describes a vehicle"),)
    return ()


def in_all(found: Sequence[Plates]) -> Plates:
    """What all sources have in common, spelt as the first one has it."""
    return reduce(lambda both, other: {key: both[key] for key in both if key in other}, found)


@dataclass(frozen=True, slots=True)
class Change:
    """What a run changes of the list."""

    new: tuple[HotListEntry, ...]
    gone: tuple[uuid.UUID, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry that an earlier run has made."""

    id: uuid.UUID
    expires_at: datetime


def change(
    definition: Definition, profile: AgencyProfile, listed: Mapping[str, Listed], found: Plates, at: datetime
) -> Change:
    """What is found now and was not listed, and what was and is not; `listed` is by match key.

    An entry that would end before the run after the next is made anew.
    """
    until = at + timedelta(hours=2 * definition.every_hours)
    stays = {key for key, one in listed.items() if key in found and one.expires_at > until}
    new = tuple(_entry(definition, profile, plate, at) for key, plate in found.items() if key not in stays)
    gone = tuple(one.id for key, one in listed.items() if key not in stays)
    return Change(new, gone, len(stays))


def _entry(definition: Definition, profile: AgencyProfile, plate: str, at: datetime) -> HotListEntry:
    """An entry of the list: it brings a vehicle to notice, and is no ground to act (Stockton IV.C.4)."""
    assert definition.category in get_args(Category)
    by = definition.decided_by or definition.asked_by
    return HotListEntry(
        id=derive_id("compiled", definition.id, plate, at.isoformat()),
        list_id=definition.list_id,
        agency_id=definition.agency_id,
        plate=plate,
        category=definition.category,
        priority="routine",
        reason=f"On the compiled list “{definition.name}”",
        case_number=definition.case_number,
        entered_by=f"compiled list {definition.name}",
        requested_by=definition.asked_by.name,
        contact=definition.contact,
        entered_at=at,
        starts_at=at,
        expires_at=at + timedelta(days=profile.custom_entries.lasts_days(definition.category)),
        version=1,
        source=COMPILED,
        grade="informational",
        instructions="For information only: no ground to act. Confirm who is in the vehicle first.",
        approved_by=f"{by.name}, {by.title}",
        approved_at=definition.decided_at,
    )
