"""What is told to the administrator: that a person's searches look like misuse, of which kind, and which they are."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from services.audit.watching.looks import Look

Kind = Literal["repeat_target", "off_hours", "shared_account", "vague_reason", "burst", "off_case", "breadth"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A reason to ask somebody, with its evidence; it accuses nobody."""

    kind: Kind
    person_id: str
    agency_id: str
    at: datetime
    """When the last look came that made it an alarm."""
    evidence: tuple[uuid.UUID, ...]
    """The numbers of the looks, by which their records are found and proven."""
    says: str
    """In words, with the figures that it rests on and no plate."""


class Rule(Protocol):
    """Watches for one kind of misuse."""

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due, after all that came before it."""


def alarm(kind: Kind, looks: Iterable[Look], says: str) -> Alarm:
    """An alarm about the person of these looks, of which there must be one."""
    evidence = tuple(looks)
    last = evidence[-1]
    return Alarm(kind, last.person_id, last.agency_id, last.at, tuple(one.access_id for one in evidence), says)
