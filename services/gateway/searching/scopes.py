"""Which of an owner's reads may answer a question, and how much of each is shown. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from services.gateway.searching.area import Area

Shown = Literal["state", "vehicle", "direction", "pictures"]
"""What of a read is shown only where a scope says so; its plate, time and camera are the read itself."""

ALL_SHOWN: frozenset[Shown] = frozenset(get_args(Shown))


@dataclass(frozen=True, slots=True)
class Scope:
    """One way in which an owner's reads may be seen. A read within several shows what any of them shows."""

    owner: str
    shows: frozenset[Shown] = ALL_SHOWN
    cameras: tuple[str, ...] | None = None
    """None is every camera of the owner."""
    area: Area | None = None
    since: datetime | None = None
    """The oldest reads are of this time."""

    def covers(self, camera_id: str, latitude: float, longitude: float) -> bool:
        """Whether reads of a camera that stood there may be seen by it."""
        if self.cameras is not None and camera_id not in self.cameras:
            return False
        return self.area is None or self.area.contains(latitude, longitude)

    def reaches_back_to(self, captured_at: datetime) -> bool:
        """Whether a read of this time is not too old for it."""
        return self.since is None or captured_at >= self.since


def whole(owners: Iterable[str]) -> tuple[Scope, ...]:
    """All reads of these owners, and all of each."""
    return tuple(Scope(owner) for owner in owners)


def owners_of(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """Whose reads they are, each once."""
    return tuple(dict.fromkeys(scope.owner for scope in scopes))
