"""What of an inquiry bears on sharing, and what keeps an MOU from granting it, in words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from plateward.contracts.access import Reason
from plateward.contracts.questions import VehicleAsked
from plateward.policy.profile import AgencyKind, AgencyProfile
from services.gateway.searching.question import Question
from services.gateway.sharing.mou import Field, Mou


@dataclass(frozen=True, slots=True)
class PartnerInquiry:
    """A question as sharing looks at it."""

    agency_id: str
    """Of the person who asks."""
    kind: AgencyKind
    purpose: str
    offence_class: str
    """Empty where the reason names none."""
    asks: frozenset[Field]
    """What the question is put by: what is not shared can't be asked by, or the answer would tell it."""
    at: datetime


def partner_inquiry(
    agency_id: str, kind: AgencyKind, question: Question, reason: Reason, at: datetime
) -> PartnerInquiry:
    """What bears on sharing of this question and reason, which somebody of this agency asks."""
    asks: set[Field] = set()
    if question.state is not None:
        asks.add("state")
    if question.vehicle != VehicleAsked():
        asks.add("vehicle")
    return PartnerInquiry(
        agency_id=agency_id,
        kind=kind,
        purpose=reason.purpose,
        offence_class=reason.values.get("offence_class", "").strip(),
        asks=frozenset(asks),
        at=at,
    )


def why_the_owner_refuses(owner: AgencyProfile, inquiry: PartnerInquiry) -> str | None:
    """What the owner's own policy has against the inquiry, whatever is agreed; None where nothing (Flagstaff 317.8.C).

    What an owner prohibits its own people, it prohibits its partners'.
    """
    prohibited = {one.id: one.label for one in owner.purposes.prohibited}
    if inquiry.purpose in prohibited:
        return f"{owner.policy} ({owner.purposes.section}) is never for: {prohibited[inquiry.purpose].lower()}"
    classes = owner.reasons.offence_classes
    if classes and inquiry.offence_class not in classes:
        return f"{owner.policy} ({owner.reasons.section}) is searched only for: {', '.join(classes)}"
    if inquiry.kind not in owner.sharing.partners:
        kinds = " and ".join(owner.sharing.partners)
        return f"{owner.policy} ({owner.sharing.section}) shares with {kinds} agencies only"
    return None


def why_not(mou: Mou, inquiry: PartnerInquiry) -> str | None:
    """What keeps this MOU from granting the reads that are asked for; None where it grants them."""
    return next(_obstacles(mou, inquiry), None)


def _obstacles(mou: Mou, inquiry: PartnerInquiry) -> Iterator[str]:
    terms = mou.terms
    state = mou.state(inquiry.at)
    if state == "proposed":
        yield f"is not signed by {' and '.join(mou.unsigned)}"
    if state == "suspended" and mou.suspension is not None:
        yield f"is suspended since {mou.suspension.at:%Y-%m-%d %H:%M} UTC by {mou.suspension.by.agency_id}"
    if state == "not begun":
        yield f"begins on {terms.starts_at:%Y-%m-%d %H:%M} UTC"
    if state == "over":
        yield f"ended on {terms.ends_at:%Y-%m-%d %H:%M} UTC"
    if terms.grantee.agency_id != inquiry.agency_id:
        yield "is with another agency"
    if "reads" not in terms.data_kinds:
        yield "does not share reads"
    if inquiry.purpose not in terms.purposes:
        yield f"is not for this purpose ({inquiry.purpose})"
    if terms.offence_classes and inquiry.offence_class not in terms.offence_classes:
        yield f"is only for: {', '.join(terms.offence_classes)}"
    hidden = sorted(inquiry.asks - set(terms.fields))
    if hidden:
        yield f"does not share the {' and the '.join(hidden)}, so reads cannot be asked for by it"
