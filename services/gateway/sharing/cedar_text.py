"""MOUs and owners' own rules as Cedar policies: the text that decides. Nothing is granted that no permit grants."""

import string
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from plateward.policy.profile import AgencyProfile
from services.gateway.sharing.inquiry import PartnerInquiry
from services.gateway.sharing.mou import Mou

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLAIN = frozenset(string.ascii_letters + string.digits + " -_.:@/()")
SEARCH = {"type": "Action", "id": "search"}


def policies(owner: AgencyProfile | None, mous: Iterable[Mou]) -> str:
    """The policies of one owner: what it forbids all partners, and a permit for each MOU that it may have to keep.

    A permit's `@id` is the MOU's name, so that a decision says which of them grant it.
    """
    permits = [permit(mou) for mou in mous if not mou.unsigned and "reads" in mou.terms.data_kinds]
    return "\n".join([*([] if owner is None else forbids(owner)), *permits])


def permit(mou: Mou) -> str:
    """One MOU. Its times are microseconds since 1970, so that it is over with its very last moment."""
    terms = mou.terms
    when = [
        f"context.at >= {microseconds(terms.starts_at)}",
        f"context.at < {microseconds(terms.ends_at)}",
        f"{_set(terms.purposes)}.contains(context.purpose)",
        f"{_set(terms.fields)}.containsAll(context.asks)",
    ]
    if mou.suspension is not None:
        when.append(f"context.at < {microseconds(mou.suspension.at)}")
    if terms.offence_classes:
        when.append(f"{_set(terms.offence_classes)}.contains(context.offence_class)")
    return (
        f"@id({_text(mou.name)})\n"
        f'permit (principal == {_agency(terms.grantee.agency_id)}, action == Action::"search",'
        f" resource == {_agency(terms.grantor.agency_id)})\nwhen {{ {' && '.join(when)} }};"
    )


def forbids(owner: AgencyProfile) -> list[str]:
    """What the owner's own policy forbids whoever asks, and outweighs every permit (Flagstaff 317.5, 317.8.C)."""
    rules = [f"{_set(one.id for one in owner.purposes.prohibited)}.contains(context.purpose)"]
    if owner.reasons.offence_classes:
        rules.append(f"!{_set(owner.reasons.offence_classes)}.contains(context.offence_class)")
    rules.append(f"!{_set(owner.sharing.partners)}.contains(context.kind)")
    head = f"forbid (principal, action, resource == {_agency(owner.id)})"
    return [f"{head}\nwhen {{ {rule} }};" for rule in rules]


def request(owner: str, inquiry: PartnerInquiry) -> dict[str, object]:
    """The question that Cedar answers: may the agency search the owner's reads so?"""
    return {
        "principal": {"type": "Agency", "id": inquiry.agency_id},
        "action": SEARCH,
        "resource": {"type": "Agency", "id": owner},
        "context": {
            "at": microseconds(inquiry.at),
            "purpose": inquiry.purpose,
            "offence_class": inquiry.offence_class,
            "kind": inquiry.kind,
            "asks": sorted(inquiry.asks),
        },
    }


def microseconds(at: datetime) -> int:
    """Since 1970 in UTC; whole, because Cedar knows no fractions."""
    return (at - EPOCH) // timedelta(microseconds=1)


def _agency(agency_id: str) -> str:
    return f"Agency::{_text(agency_id)}"


def _set(words: Iterable[str]) -> str:
    return f"[{', '.join(_text(word) for word in words)}]"


def _text(word: str) -> str:
    """A string as Cedar writes it: what is not a letter or sign of ASCII by its number."""
    return '"' + "".join(one if one in PLAIN else f"\\u{{{ord(one):x}}}" for one in word) + '"'
