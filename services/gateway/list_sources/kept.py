"""What is kept of lists from elsewhere, and what their store does to them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plateward.contracts.lists import HotList
from plateward.policy.profile import AgencyProfile, Designation
from plateward.policy.reasons import Lacking
from services.gateway.list_sources.designated import DesignatedList
from services.gateway.list_sources.refresh import ArrivedFile, Refresh, RejectedLine
from services.gateway.list_sources.sources import Source
from services.gateway.people import Person


class InvalidRefresh(Lacking):
    """This cannot be done to the list; says what is missing."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file with all that its taking needs to know."""

    designated: DesignatedList
    profile: AgencyProfile
    designation: Designation
    file: ArrivedFile
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A designator's decision on a file that waits."""

    refresh_id: uuid.UUID
    profile: AgencyProfile
    agreed: bool
    statement: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store knows of a list."""

    hot_list: HotList | None
    entries: int
    refreshes: tuple[Refresh, ...]
    """Newest first."""
    rejected: tuple[RejectedLine, ...]
    """The first of the newest file that was looked into."""
    asked_at: datetime | None = None
    problem: str | None = None
    """Why the list's source could not be asked the last time."""


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list as its page shows it."""

    designation: Designation
    source: Source
    kept: Kept
    stale: bool

    @property
    def held(self) -> Refresh | None:
        """The file that waits for a decision."""
        return next((one for one in self.kept.refreshes if one.state == "held"), None)

    @property
    def newest(self) -> Refresh | None:
        """The newest file that came, whatever became of it."""
        return self.kept.refreshes[0] if self.kept.refreshes else None


class SourceListStore(Protocol):
    """Where lists, their files and their entries are kept, with the outbox that carries the differences."""

    async def take(self, brought: Brought) -> Refresh:
        """Does to the list what the file does to it, alone with it; raises InvalidMapping."""

    async def still(self, designation: Designation, profile: AgencyProfile, by: Person, at: datetime) -> Refresh:
        """Notes that the source has nothing else than what is in force; raises InvalidRefresh where nothing is."""

    async def decide(self, decided: Decided) -> Refresh:
        """Has a held file taken or declined; raises NoSuchRecord, InvalidRefresh where it does not wait."""

    async def one(self, refresh_id: uuid.UUID, agency_id: str) -> Refresh | None:
        """A file of this agency."""

    async def kept(self, agency_id: str, list_ids: frozenset[str]) -> dict[str, Kept]:
        """What is known of these lists."""

    async def restate(self, agency_id: str, change: Callable[[HotList], HotList]) -> None:
        """States anew those of the agency's lists from files of which something else is to be said."""
