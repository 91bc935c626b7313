"""How a list comes: brought by a person, found in a folder, or fetched from its source; and in whose name."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from plateward.contracts.event import derive_id
from services.gateway.list_sources.designated import Format
from services.gateway.list_sources.refresh import Refresh, Way
from services.gateway.people import Person, Session

ListKey = tuple[str, str]
"""Agency and list."""


@dataclass(frozen=True, slots=True)
class Source:
    """How a list comes, as the settings have it: the format of its files, and whether it is fetched by itself."""

    format: Format = "csv"
    mapping: str = ""
    way: Way = "upload"
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class By:
    """Who had a list fetched, and from where."""

    session: Session
    address: str


class ListFetch(Protocol):
    """A source that can be asked for its list."""

    async def fetch(self, by: By | None = None) -> Refresh | None:
        """Asks it now; None where it could not be had, which the page of lists then says. Raises NotRecorded."""


def the_gateway(agency_id: str, way: Way) -> By:
    """In whose name the gateway itself brings a file."""
    who = Person(derive_id("gateway", agency_id), "gateway", "Gateway", "service", agency_id)
    return By(Session(who.id, who, frozenset(), datetime.min.replace(tzinfo=UTC)), way)
