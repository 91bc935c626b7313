"""What is on file of an account, and where it is kept."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from plateward.contracts.camera_registrations import ByPerson
from plateward.policy.training import TrainingRecord
from services.gateway.people import Person
from services.gateway.standing import Record

Command = Literal[
    "create", "invite", "deactivate", "reactivate", "release", "review", "train", "violation", "open-window"
]


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account as it is on file."""

    person: Person
    active: bool
    created_at: datetime
    reviewed_at: datetime | None
    locked_at: datetime | None
    invited_until: datetime | None
    directory_name: str | None
    has_second_factor: bool
    open_sessions: int
    alarmed_at: datetime | None
    """When the person was last signed in at two places at once."""
    record: Record


@dataclass(frozen=True, slots=True)
class SeenSession:
    """A session of a person: when, and from where."""

    started_at: datetime
    last_seen_at: datetime
    address: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class AccountChange:
    """Something done to an account."""

    command: str
    by: ByPerson


@dataclass(frozen=True, slots=True)
class History:
    """What is on file of a person beside the account: newest first."""

    changes: Sequence[AccountChange]
    sessions: Sequence[SeenSession]


class AccountStore(Protocol):
    """Where accounts are kept, each change with who did it, in one transaction."""

    async def of_agency(self, agency_id: str, at: datetime) -> list[KnownAccount]:
        """The agency's accounts, by name."""

    async def one(self, person_id: uuid.UUID, agency_id: str, at: datetime) -> KnownAccount | None:
        """An account of the agency."""

    async def history(self, person_id: uuid.UUID, at: datetime) -> History:
        """What was done to the account, and its sessions."""

    async def create(
        self, person: Person, directory_name: str | None, invitation: bytes, until: datetime, by: ByPerson
    ) -> bool:
        """Makes an account; False when the name is taken."""

    async def change(self, person_id: uuid.UUID, command: Command, by: ByPerson) -> None:
        """Deactivates, reactivates, releases or marks as reviewed; what is deactivated is out at once."""

    async def invite(self, person_id: uuid.UUID, invitation: bytes, until: datetime, by: ByPerson) -> None:
        """Gives a new invitation, and ends the person's sessions."""

    async def train(self, person_id: uuid.UUID, record: TrainingRecord, by: ByPerson) -> None:
        """Puts a training on file."""

    async def violate(self, person_id: uuid.UUID, by: ByPerson) -> None:
        """Puts a violation on file."""

    async def open_window(self, person_id: uuid.UUID, until: datetime, by: ByPerson) -> None:
        """Opens a maintenance window, from now."""
