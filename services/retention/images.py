"""Where a day's images are, and one read's among them: `<expiry day>/<agency>/<read id>/`."""

from datetime import date
from typing import Protocol

from plateward.contracts.reads import PlateRead


class Images(Protocol):
    """The images by key."""

    async def delete_all(self, prefix: str) -> int:
        """Deletes everything under a prefix and returns how many that were."""


def day_prefix(day: date) -> str:
    """Under which all images lie that expire on this day."""
    return f"{day.isoformat()}/"


def read_prefix(read: PlateRead) -> str:
    """Under which the read's own images lie: made from what the read is, never from keys that its event names."""
    return f"{day_prefix(read.expires_on)}{read.agency_id}/{read.id}/"
