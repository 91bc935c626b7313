"""Where a profile contradicts itself, or the law above it. A profile that does is not put in force."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from plateward.policy.named_titles import stray_titles
from plateward.policy.profile import DATA_RIGHTS, AgencyProfile
from plateward.policy.state_law import StateLaw, known_lists, state_laws

MINUTES_OF_A_DAY = 24 * 60
NO_LAW = StateLaw(source="")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One rule that cannot hold beside another: the field that it is in, and why, in words."""

    field: str
    rule: str

    def __str__(self) -> str:
        return f"{self.field}: {self.rule}"


def contradictions(profile: AgencyProfile) -> tuple[Contradiction, ...]:
    """All that keeps the profile from being put in force; empty when nothing does."""
    return tuple(found for check in CHECKS for found in check(profile))


def _doubles(profile: AgencyProfile) -> Iterator[Contradiction]:
    """What is named by an id is named once."""
    named: dict[str, Iterable[str]] = {
        "purposes": (one.id for one in (*profile.purposes.allowed, *profile.purposes.prohibited)),
        "reasons.forms": (one.id for one in profile.reasons.forms),
        "training.kinds": (one.id for one in profile.training.kinds),
        "hot_lists.designations": (one.list for one in profile.hot_lists.designations),
        "dispatch.steps": (one.id for one in profile.dispatch.steps),
        "reports.reports": (one.id for one in profile.reports.reports),
        "custom_entries.approval": (title for chain in profile.custom_entries.approval for title in chain.requesters),
    }
    for field, ids in named.items():
        for double in (one for one, times in Counter(ids).items() if times > 1):
            yield Contradiction(field, f"{double} is named twice, so that two rules would hold for it")


def _clock(profile: AgencyProfile) -> Iterator[Contradiction]:
    try:
        ZoneInfo(profile.timezone)
    except (KeyError, ValueError, OSError):
        yield Contradiction("timezone", f"{profile.timezone} is no time zone")


def _law(profile: AgencyProfile) -> Iterator[Contradiction]:
    """What the state allows at most, and asks for at least."""
    law = state_laws().get(profile.state, NO_LAW)
    longest = law.longest_retention_minutes
    days = {"retention.default_days": profile.retention.default_days}
    days |= {f"retention.source_days.{source}": kept for source, kept in profile.retention.source_days.items()}
    for field, kept in days.items():
        if longest is not None and kept * MINUTES_OF_A_DAY > longest:
            most = f"{longest // MINUTES_OF_A_DAY} days" if longest >= MINUTES_OF_A_DAY else f"{longest} minutes"
            yield Contradiction(field, f"{kept} days is longer than the {most} that {law.source} allows")
    least = law.audit_at_least_every_days
    if least is not None and profile.audits.every_days > least:
        rule = f"every {profile.audits.every_days} days is rarer than the {least} days that {law.source} asks for"
        yield Contradiction("audits.every_days", rule)
    classes = set(profile.reasons.offence_classes)
    if law.offence_classes and (not classes or not classes <= set(law.offence_classes)):
        rule = f"{law.source} allows searches for these alone: {', '.join(law.offence_classes)}"
        yield Contradiction("reasons.offence_classes", rule)


def _offence_classes(profile: AgencyProfile) -> Iterator[Contradiction]:
    """Where classes of offence are named, each form asks for one of them and takes no other."""
    classes = profile.reasons.offence_classes
    if not classes:
        return
    for form in profile.reasons.forms:
        asked = next((field for field in form.fields if field.name == "offence_class"), None)
        if asked is None or not all(re.fullmatch(asked.pattern, one) for one in classes):
            rule = f"must have a field offence_class that takes each of: {', '.join(classes)}"
            yield Contradiction(f"reasons.forms.{form.id}", rule)
        elif re.fullmatch(asked.pattern, "no class of offence"):
            yield Contradiction(f"reasons.forms.{form.id}", "its field offence_class takes any words")


def _lists(profile: AgencyProfile) -> Iterator[Contradiction]:
    """No list is in force for what is prohibited, nor a category of which there are no alerts."""
    prohibited = {one.id for one in profile.purposes.prohibited}
    for designation in profile.hot_lists.designations:
        field = f"hot_lists.designations.{designation.list}"
        known = known_lists().get(designation.list)
        if known is not None and known.serves in prohibited:
            rule = f"{known.called} serves {known.serves}, which purposes ({profile.purposes.section}) prohibits"
            yield Contradiction(field, rule)
        readers = designation.readers or profile.hot_lists.designators
        kept_out = [one for one in profile.hot_lists.designators if one not in readers]
        if kept_out:
            yield Contradiction(field, f"{', '.join(kept_out)} may bring the list's files, and not read it (readers)")
        strays = [one for one in designation.categories if one not in profile.alerts.categories]
        if strays:
            yield Contradiction(field, f"there are no alerts for {', '.join(strays)} (alerts.categories)")


def _titles(profile: AgencyProfile) -> Iterator[Contradiction]:
    """Whoever decides is somebody, and whoever is somebody has defined rights."""
    authorised = profile.authorised
    for field, title in stray_titles(profile):
        rule = f"{title} decides, but authorised gives that title no rights and does not name it as an office"
        yield Contradiction(field, rule)
    for title, access in authorised.titles.items():
        if access not in authorised.rights:
            yield Contradiction(f"authorised.titles.{title}", f"{access} access has no rights (authorised.rights)")
        if title in authorised.offices:
            yield Contradiction(f"authorised.offices.{title}", "has access too, so is no office without data")
    for access, rights in authorised.rights.items():
        strays = sorted(set(rights) - DATA_RIGHTS)
        if strays:
            rule = f"{', '.join(strays)} is had by the titles that a rule names for it, not by {access} access"
            yield Contradiction(f"authorised.rights.{access}", rule)


def _accounts(profile: AgencyProfile) -> Iterator[Contradiction]:
    """Somebody keeps the accounts, and a vendor sees no data."""
    if not profile.accounts.keepers:
        yield Contradiction("accounts.keepers", "names nobody, so that no account could be created")
    vendors = profile.accounts.vendors
    if vendors is None:
        return
    for title in vendors.titles:
        if title in profile.authorised.titles or title in profile.authorised.offices:
            yield Contradiction("accounts.vendors.titles", f"{title} is a title of the agency's own people")
    data = sorted(set(vendors.rights) & DATA_RIGHTS)
    if data:
        yield Contradiction("accounts.vendors.rights", f"{', '.join(data)} shows data, which a vendor never sees")


def _training(profile: AgencyProfile) -> Iterator[Contradiction]:
    """What is asked for can be learnt."""
    for trained_for, ids in profile.training.required.items():
        for training_id in ids:
            if profile.training.kind(training_id) is None:
                rule = f"{training_id} is no training that training.kinds defines"
                yield Contradiction(f"training.required.{trained_for}", rule)
    if profile.training.kind(profile.training.retraining) is None:
        rule = f"{profile.training.retraining} is no training that training.kinds defines"
        yield Contradiction("training.retraining", rule)
    if not profile.training.recorders:
        yield Contradiction("training.recorders", "names nobody, so that no training could be put on file")


def _entries(profile: AgencyProfile) -> Iterator[Contradiction]:
    """Approvals can be given, and a category's days are within those of all."""
    entries = profile.custom_entries
    if "approved_by" in entries.required and not entries.approval:
        yield Contradiction("custom_entries.required", "asks for an approval that custom_entries.approval gives nobody")
    if any(not chain.approvers for chain in entries.approval):
        yield Contradiction("custom_entries.approval", "a chain names nobody who approves")
    for category, days in entries.longest_days_by_category.items():
        if days > entries.longest_days:
            rule = f"{days} days is longer than the {entries.longest_days} of any entry"
            yield Contradiction(f"custom_entries.longest_days_by_category.{category}", rule)


def _hits(profile: AgencyProfile) -> Iterator[Contradiction]:
    """What must be confirmed can be, and whoever is warned is warned before the day."""
    if profile.verification.confirmation == "always" and not profile.verification.confirm_through:
        yield Contradiction("verification.confirm_through", "names no system, but every hit must be confirmed")
    kept = min((profile.retention.default_days, *profile.retention.source_days.values()))
    if profile.evidence.warn_days >= kept:
        yield Contradiction("evidence.warn_days", f"is not before the purge, {kept} days after the image")


def _breadths(profile: AgencyProfile) -> Iterator[Contradiction]:
    """What bounds a purpose bounds one that there is."""
    allowed = {one.id for one in profile.purposes.allowed}
    for purpose in profile.inquiries.breadth_of:
        if purpose not in allowed:
            yield Contradiction("inquiries.breadth_of", f"{purpose} is no purpose that purposes.allowed names")


CHECKS: tuple[Callable[[AgencyProfile], Iterator[Contradiction]], ...] = (
    _doubles,
    _clock,
    _law,
    _offence_classes,
    _lists,
    _titles,
    _accounts,
    _training,
    _entries,
    _hits,
    _breadths,
)
