"""Holds: what a case needs is copied to evidence before its day. A hold needs two people, a case and an end.

A hold never keeps a day from being purged: what it holds has been copied, and goes on the hold's own last day.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from plateward.policy.profile import AgencyProfile

LONGEST = timedelta(days=3653)
"""A hold of more than ten years is asked for again."""


class HoldRefused(ValueError):
    """The hold lacks something; names the field and the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What one case needs of an agency's reads, who asked for that, who agreed, and until when it is kept."""

    id: uuid.UUID
    agency_id: str
    case_number: str
    reason: str
    requested_by: str
    requested_at: datetime
    approved_by: str
    approved_at: datetime
    ends_on: date
    read_ids: tuple[uuid.UUID, ...]


def check_hold(hold: Hold, profiles: Mapping[str, AgencyProfile], today: date) -> None:
    """Raises HoldRefused where the hold may not be placed."""
    if hold.agency_id not in profiles:
        raise HoldRefused(f"agency: no profile has the id {hold.agency_id!r}")
    for field, value in (("case", hold.case_number), ("reason", hold.reason)):
        if not value.strip():
            raise HoldRefused(f"{field}: is missing")
    people = (hold.requested_by.strip().casefold(), hold.approved_by.strip().casefold())
    if not all(people) or people[0] == people[1]:
        raise HoldRefused("approved-by: a hold needs two people, one who asks and another who agrees")
    if hold.approved_at < hold.requested_at:
        raise HoldRefused("approved-by: a hold is agreed to after it was asked for")
    if not today < hold.ends_on <= today + LONGEST:
        raise HoldRefused(f"until: must lie after {today} and at most ten years ahead")
    if not hold.read_ids:
        raise HoldRefused("reads: a hold names what it holds")
