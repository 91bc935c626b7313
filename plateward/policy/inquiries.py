"""Whether an agency's policy lets a search be asked at all: purpose, reason, and what else it wants named."""

from plateward.contracts.access import Reason
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Missing, what_is_missing
from plateward.policy.screening import what_says_nothing


def what_an_inquiry_lacks(profile: AgencyProfile, reason: Reason) -> tuple[Missing, ...]:
    """What keeps a search for this reason from being asked; empty when nothing does (Flagstaff 317.8.G)."""
    missing = what_is_missing(profile, reason)
    named = {one.field for one in missing}
    empty = (one for one in what_says_nothing(profile, reason.form, reason.values) if one.field not in named)
    return missing + tuple(empty)


def case_number(profile: AgencyProfile, reason: Reason) -> str | None:
    """The number of the case that the reason names; None where its form names none of the agency's own."""
    numbers = (reason.values.get(name, "").strip() for name in profile.inquiries.case_fields)
    return next((number for number in numbers if number), None)
