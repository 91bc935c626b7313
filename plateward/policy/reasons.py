"""Whether a purpose and a reason are ones that an agency's policy accepts."""

import re
from dataclasses import dataclass

from plateward.contracts.access import Reason
from plateward.policy.profile import AgencyProfile, ReasonField, ReasonForm


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a reason lacks: the field and the rule, in words for the person who asks."""

    field: str
    rule: str


class Lacking(Exception):
    """A refusal that says what is missing, field by field."""

    def __init__(self, *missing: Missing) -> None:
        super().__init__("; ".join(f"{one.field}: {one.rule}" for one in missing))
        self.missing = missing


def what_is_missing(profile: AgencyProfile, reason: Reason) -> tuple[Missing, ...]:
    """What keeps this reason from being accepted; empty when nothing does (Flagstaff 317.5.6, Kentucky IV.Q.1)."""
    return _of_purpose(profile, reason.purpose) + _of_form(profile, reason)


def _of_purpose(profile: AgencyProfile, purpose: str) -> tuple[Missing, ...]:
    if any(prohibited.id == purpose for prohibited in profile.purposes.prohibited):
        return (Missing("purpose", f"{purpose} is prohibited by {profile.policy} ({profile.purposes.section})"),)
    if all(allowed.id != purpose for allowed in profile.purposes.allowed):
        accepted = ", ".join(allowed.id for allowed in profile.purposes.allowed)
        return (Missing("purpose", f"must be one of: {accepted}"),)
    return ()


def _of_form(profile: AgencyProfile, reason: Reason) -> tuple[Missing, ...]:
    form = next((form for form in profile.reasons.forms if form.id == reason.form), None)
    if form is None:
        accepted = ", ".join(form.id for form in profile.reasons.forms)
        return (Missing("reason.form", f"must be one of: {accepted} ({profile.reasons.section})"),)
    return _of_values(form, reason.values)


def _of_values(form: ReasonForm, values: dict[str, str]) -> tuple[Missing, ...]:
    known = {field.name for field in form.fields}
    missing = [_of_value(field, values.get(field.name, "").strip()) for field in form.fields]
    stray = [Missing(f"reason.{name}", f"is no part of the form {form.id}") for name in values if name not in known]
    return tuple(one for one in missing if one is not None) + tuple(stray)


def _of_value(field: ReasonField, value: str) -> Missing | None:
    name = f"reason.{field.name}"
    if not value:
        return Missing(name, f"{field.label} is missing" + (f": {field.hint}" if field.hint else ""))
    if len(value) < field.min_characters:
        return Missing(name, f"{field.label} needs at least {field.min_characters} characters")
    if not re.fullmatch(field.pattern, value, re.DOTALL):
        return Missing(name, f"{field.label} must be {field.hint or field.pattern}")
    return None
