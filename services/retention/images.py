"""Where a day's images are, and one read's among them: `<expiry day>/<agency>/<read id>/`.

What a hold has had copied to evidence lies likewise, under the day on which the evidence ends, and a folder that names
the agency and the hold: so that it has a data key of its own, and goes on its own day as everything else does.
"""

import uuid
from datetime import date

from plateward.contracts.reads import PlateRead

_OF_HOLD = ".evidence."


def day_prefix(day: date) -> str:
    """Under which all images lie that expire on this day."""
    return f"{day.isoformat()}/"


def read_prefix(read: PlateRead) -> str:
    """Under which the read's own images lie: made from what the read is, never from keys that its event names."""
    return f"{day_prefix(read.expires_on)}{read.agency_id}/{read.id}/"


def evidence_folder(agency_id: str, hold_id: uuid.UUID) -> str:
    """What the folder of a hold's evidence is called, and its data key's agency."""
    return f"{agency_id}{_OF_HOLD}{hold_id}"


def owner_of_folder(folder: str) -> str:
    """The agency whose images lie in a day's folder of this name."""
    return folder.partition(_OF_HOLD)[0]


def day_of_folder(folder: str) -> date | None:
    """The day whose images lie in this folder; None where it is no day's."""
    try:
        return date.fromisoformat(folder)
    except ValueError:
        return None
