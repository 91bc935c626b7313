"""Who is at the console: individual people, never shared accounts (Kentucky IV.B)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from plateward.contracts.access import Actor
from plateward.policy.profile import Right


@dataclass(frozen=True, slots=True)
class Person:
    """A member of an agency, with the job title that the agency's policy gives rights to."""

    id: uuid.UUID
    username: str
    name: str
    title: str
    agency_id: str

    @property
    def actor(self) -> Actor:
        """The person as an access record names them."""
        return Actor(
            person_id=str(self.id),
            username=self.username,
            name=self.name,
            title=self.title,
            agency_id=self.agency_id,
        )


@dataclass(frozen=True, slots=True)
class Session:
    """A person signed in. `public_id` names the session in records; its secret is only ever the person's."""

    public_id: uuid.UUID
    person: Person
    rights: frozenset[Right]
    started_at: datetime
    withheld: Mapping[Right, str] = field(default_factory=dict)
    """Rights that the title has and the person has not at present, and why: training, a violation, a closed window."""


class NotAllowed(Exception):
    """The person has not the right: their title does not give it, or it is withheld, which `why` says."""

    def __init__(self, right: Right, why: str | None = None) -> None:
        super().__init__(why or f"your title does not have the right to {right.replace('-', ' ')}")
        self.right, self.why = right, why


def require(session: Session, right: Right) -> None:
    """Raises NotAllowed unless the session has the right."""
    if right not in session.rights:
        raise NotAllowed(right, session.withheld.get(right))
