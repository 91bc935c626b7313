"""What a source says of one vehicle, in our words for the fields and its own for what stands in them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from services.gateway.list_sources.faults import Fault


class SourceRecord(msgspec.Struct, omit_defaults=True):
    """One vehicle as its source has it: texts, not looked at yet. It is also what the JSON interface takes."""

    plate: str = ""
    key: str | None = None
    """The source's own number of the record, such as NCIC's NIC."""
    state: str | None = None
    category: str | None = None
    priority: str | None = None
    reason: str | None = None
    case_number: str | None = None
    entered_by: str | None = None
    """The agency that entered it, such as its ORI."""
    contact: str | None = None
    instructions: str | None = None
    make: str | None = None
    model: str | None = None
    colour: str | None = None
    kind: str | None = None
    year: str | None = None
    expires_at: str | None = None


FIELDS = SourceRecord.__struct_fields__

NumberedText = tuple[int, str | Fault]
"""A record as it is written, and the line that it stands on; a fault where it cannot even be read."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file cut into its records, and what makes sense of one."""

    texts: Iterable[NumberedText]
    parse: Callable[[str], SourceRecord]
    """Raises Faulty."""
    headings: str = ""
    """What stands above the records and decides what they mean."""
