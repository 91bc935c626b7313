"""What an agency's policy asks of a search beyond its purpose and reason. The shape of a profile's part `inquiries`."""

from typing import Annotated, Literal

import msgspec

AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
Doubt = Literal["refuse", "mark"]


class InquiryRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How case numbers are held to be true, when a supervisor must agree, and who that is.

    Where no section asks for it, the figures are the agency's own choice.
    """

    section: str | None = None
    case_fields: tuple[str, ...] = ("case_number", "incident_number", "dr_number", "event_number", "call_number")
    """The fields of a reason that name a case of the agency's own CAD or RMS."""
    unknown_case: Doubt = "refuse"
    """Whether a search goes on, marked, when the register does not know its case."""
    unreachable_register: Doubt = "mark"
    """Whether a search goes on, marked, when the register cannot be asked."""
    searches_of_a_plate: AtLeastOne = 5
    """So many searches of a plate may one person make without a validated case; then a supervisor must agree."""
    same_words: AtLeastOne = 3
    """So many plates may one person search with the same words and no common case; then they say what each is for."""
    looked_back_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 30
    """How far back those searches count."""
    purposes_to_approve: tuple[str, ...] = ()
    """The purposes for which a supervisor must agree to each search."""
    approvers: tuple[str, ...] = ()
    """The titles that may agree to another's search."""
    approval_lasts_hours: AtLeastOne = 24
    """How long an agreement waits to be used, and a request to be decided."""
    offence_classes: tuple[str, ...] = ()
    """Where not empty, a search names the class of the offence, and it must be one of these."""
