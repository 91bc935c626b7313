"""Records that could not be processed, kept with the reason so that nothing is lost."""

import base64
from typing import ClassVar

from plateward.contracts.event import Event, Moment

DEAD_SUFFIX = ".dead"


class DeadLetter(Event, frozen=True):
    """A refused record: where it stood, why it was refused, and the record itself."""

    TYPE: ClassVar[str] = "plateward.dead-letter.v1"

    topic: str
    partition: int
    offset: int
    reason: str
    refused_by: str
    at: Moment
    key: str | None
    value: str | None
    """Base64, since a refused record can be any bytes."""
    headers: dict[str, str]

    def original_value(self) -> bytes | None:
        """The bytes of the refused record, to be mended and sent again."""
        return None if self.value is None else base64.b64decode(self.value)
