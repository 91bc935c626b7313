"""What is told to the administrator: that a person's searches look like misuse, of which kind, and which they are."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from plateward.contracts.event import derive_id
from services.audit.watching.looks import Look

Kind = Literal["repeat_target", "off_hours", "shared_account", "vague_reason", "burst", "off_case", "breadth"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A reason to ask somebody, with its evidence; it accuses nobody."""

    kind: Kind
    matter: uuid.UUID
    """What it is about, each matter being told once: this misuse by this person, of this plate or case."""
    person_id: str
    agency_id: str
    at: datetime
    """When the last look came that made it an alarm."""
    evidence: tuple[uuid.UUID, ...]
    """The numbers of the looks, by which their records are found and proven."""
    says: str
    """In words, with the figures that it rests on and no plate."""

    @property
    def id(self) -> uuid.UUID:
        """The same for the same matter and its last look, whichever process finds it."""
        return derive_id("misuse-alarm", self.matter, self.evidence[-1])


@dataclass(frozen=True, slots=True)
class Told:
    """That an alarm about a matter was raised, and when its last look came."""

    matter: uuid.UUID
    at: datetime


class Rule(Protocol):
    """Watches for one kind of misuse."""

    def take(self, look: Look) -> Alarm | None:
        """The alarm for which there is reason with this look; whether it was told already is not the rule's concern."""


def alarm(kind: Kind, looks: Iterable[Look], says: str, about: str = "") -> Alarm:
    """An alarm about the person of these looks, of which there must be one."""
    evidence = tuple(looks)
    last = evidence[-1]
    matter = derive_id("misuse", kind, last.person_id, about)
    return Alarm(kind, matter, last.person_id, last.agency_id, last.at, tuple(one.access_id for one in evidence), says)
