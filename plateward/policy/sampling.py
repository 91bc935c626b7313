"""Which inquiries an audit looks at: a lot that nobody draws, and that anybody can draw again.

The seed is the root hash of the first checkpoint of the access log under which the record of the audit's opening lies.
It is made of every record before it, of whatever agency; who opens an audit cannot know it, and once it is signed
nobody can change it. The inquiries of the window are put in the order of SHA-256(seed, the record's id), and the
first ones are the sample. Every subset of that size is as likely as any other, as far as
SHA-256 can be told from chance.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plateward.contracts.access import AccessRecord, Action

INQUIRIES: frozenset[Action] = frozenset({"search", "explain", "export-reads"})
"""Looks at reads that a person asks for with a reason of their own; pictures and pages belong to the search before."""


@dataclass(frozen=True, slots=True)
class Window:
    """The inquiries of an agency's people from a time on and up to, and without, another."""

    agency_id: str
    since: datetime
    until: datetime

    def holds(self, record: AccessRecord) -> bool:
        """Whether this record is one of these inquiries: it is the record of asking, which each inquiry has once."""
        return (
            record.phase == "asked"
            and record.action in INQUIRIES
            and record.actor.agency_id == self.agency_id
            and self.since <= record.at < self.until
        )


def drawn(seed: bytes, inquiries: Iterable[uuid.UUID], count: int) -> tuple[uuid.UUID, ...]:
    """The sample: the ids of as many records, in the order of the lot; all of them where there are no more."""
    return tuple(sorted(set(inquiries), key=lambda one: hashlib.sha256(seed + one.bytes).digest())[:count])
