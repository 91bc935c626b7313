"""A profile in plain words: what an agency's policy asks of the software, as sentences with their sections."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plateward.policy.plain_phrases import any_of, days, joined, spoken, the
from plateward.policy.profile import AgencyProfile, EntryField

ENTRY_WORDS: dict[EntryField, str] = {
    "case_number": "a case number",
    "reason": "the reason",
    "entered_by": "who entered it",
    "requested_by": "who asked for it",
    "contact": "how to reach them",
    "instructions": "instructions",
    "other_information": "other information",
    "expires_at": "an end",
    "approved_by": "who approved it",
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """What a profile says of one subject, and the sections that it comes from."""

    title: str
    section: str
    sentences: tuple[str, ...]


def in_plain_words(profile: AgencyProfile) -> tuple[Chapter, ...]:
    """The whole profile, in the order in which somebody would ask."""
    chapters = (
        ("What it may be used for", profile.purposes.section, _purposes(profile)),
        ("Before anybody looks", profile.reasons.section, _reasons(profile)),
        ("Who may use it", profile.authorised.section, _titles(profile)),
        ("Training", profile.training.section, _training(profile)),
        ("Accounts", profile.accounts.section, _accounts(profile)),
        ("Signing in", profile.sessions.section, _sessions(profile)),
        ("How long reads are kept", profile.retention.section, _retention(profile)),
        ("Hot lists", profile.hot_lists.section, _lists(profile)),
        ("The department's own entries", profile.custom_entries.section, _entries(profile)),
        ("When there is a hit", profile.verification.section, _verification(profile)),
        ("Dispatch", profile.dispatch.section, _dispatch(profile)),
        ("Cameras", profile.cameras.section, _cameras(profile)),
        ("Audits", profile.audits.section, _audits(profile)),
        ("Reports", profile.reports.section, _reports(profile)),
        ("Sharing and release", f"{profile.sharing.section}; {profile.releases.section}", _releases(profile)),
        ("Evidence", profile.evidence.section, _evidence(profile)),
    )
    return tuple(Chapter(title, section, tuple(map(_sentence, said))) for title, section, said in chapters)


def _purposes(profile: AgencyProfile) -> Iterator[str]:
    yield f"For {joined(_lower(one.label for one in profile.purposes.allowed))}, and for nothing else."
    yield f"Never for {any_of(_lower(one.label for one in profile.purposes.prohibited))}."


def _reasons(profile: AgencyProfile) -> Iterator[str]:
    yield "Nobody looks at reads without a purpose and a reason."
    for form in profile.reasons.forms:
        yield f"{form.label}: {joined(_lower(field.label for field in form.fields))}."
    if profile.reasons.offence_classes:
        yield f"Searches are for {any_of(map(spoken, profile.reasons.offence_classes))} alone."


def _titles(profile: AgencyProfile) -> Iterator[str]:
    authorised = profile.authorised
    for access, rights in authorised.rights.items():
        titles = [title for title, given in authorised.titles.items() if given == access]
        if titles:
            yield f"{access.capitalize()} access, which is to {joined(map(spoken, rights))}: {joined(titles)}."
    if authorised.offices:
        yield f"For decisions only, without data: {joined(authorised.offices)}."


def _training(profile: AgencyProfile) -> Iterator[str]:
    training = profile.training
    labels = {kind.id: kind.label for kind in training.kinds}
    for trained_for, ids in training.required.items():
        what = "sees any data" if trained_for == "data" else "works with cameras"
        yield f"Nobody {what} without: {joined(labels.get(one, one) for one in ids)}."
    for kind in training.kinds:
        lasts = "counts for good" if kind.valid_days is None else f"counts for {days(kind.valid_days)}"
        yield f"{kind.label} {lasts}."
    yield f"{the(training.recorders)} puts training on file."


def _accounts(profile: AgencyProfile) -> Iterator[str]:
    accounts = profile.accounts
    yield f"Only {the(accounts.keepers)} creates accounts, and each is of one person."
    yield f"{the(accounts.reviewers)} reviews them every {days(accounts.review_every_days)}."
    retraining = profile.training.kind(profile.training.retraining)
    again = retraining.label if retraining else profile.training.retraining
    yield f"After a violation, recorded by {the(accounts.suspenders)}, a person is out until: {again}."
    if accounts.vendors is not None:
        titles, hours = any_of(accounts.vendors.titles), accounts.vendors.longest_hours
        yield f"A {titles} maintains the system for at most {hours} hours at a time, and never sees data."


def _sessions(profile: AgencyProfile) -> Iterator[str]:
    sessions = profile.sessions
    yield (
        f"Everybody signs in anew after {sessions.longest_hours} hours,"
        f" and after {sessions.idle_minutes} minutes without a move."
    )
    if sessions.dispatch_titles:
        yield f"In a secured dispatch room {the(sessions.dispatch_titles)} stays signed in without moving."


def _retention(profile: AgencyProfile) -> Iterator[str]:
    yield f"A read is gone {days(profile.retention.default_days)} after its image was taken."
    for source, kept in profile.retention.source_days.items():
        yield f"From {spoken(source)} it is gone after {days(kept)}."


def _lists(profile: AgencyProfile) -> Iterator[str]:
    lists = profile.hot_lists
    for one in lists.designations:
        grade = "" if one.grade == "actionable" else ", for information only"
        every = set(one.categories) == set(profile.alerts.categories)
        what = "every kind of alert" if every else joined(map(spoken, one.categories))
        yield f"The list {one.list}, from {one.source}, is in force for {what}{grade}."
        if one.readers:
            yield f"What is on {one.list} is read by {the(one.readers)} alone."
    if lists.fresh_for_hours is not None:
        yield f"A list that has not been renewed for {lists.fresh_for_hours} hours stops matching."
    if lists.retroactive_hours:
        yield f"A new entry is compared with the reads of the last {lists.retroactive_hours} hours too."
    if lists.designators:
        yield f"{the(lists.designators)} decides which lists are in force."
    if lists.shared_by:
        yield f"No list of the department leaves it without the approval of {the(lists.shared_by)}."


def _entries(profile: AgencyProfile) -> Iterator[str]:
    entries = profile.custom_entries
    yield f"Each entry has {joined(ENTRY_WORDS[field] for field in entries.required)}."
    if entries.required_when_distributed:
        fields = joined(ENTRY_WORDS[field] for field in entries.required_when_distributed)
        yield f"When more than one officer gets it, it has {fields} in any case."
    for chain in entries.approval:
        whose = f"what {the(chain.requesters)} enters" if chain.requesters else "what anybody else enters"
        first, *others = chain.approvers if chain.in_order else (" or the ".join(chain.approvers),)
        then = f"; when they cannot be reached, {the(others)}" if others else ""
        yield f"the {first} approves {whose}{then}."
    if not entries.approval:
        yield "Nobody need approve an entry."
    yield f"An entry ends within {days(entries.longest_days)}."
    for category, most in entries.longest_days_by_category.items():
        yield f"For {spoken(category)} it ends within {days(most)}."
    if entries.removed_on_recovery_by:
        yield f"When the vehicle is found, the {entries.removed_on_recovery_by} has the entry removed."


def _verification(profile: AgencyProfile) -> Iterator[str]:
    rules = profile.verification
    yield f"There are alerts for {joined(map(spoken, profile.alerts.categories))}."
    yield f"Somebody compares {joined(rules.compare)} with the entry before acting."
    when = {
        "always": "always",
        "unless-exigent": "unless circumstances are exigent",
        "when-practicable": "when practicable",
    }
    yield f"The hit is confirmed through {any_of(rules.confirm_through)}, {when[rules.confirmation]}."
    if rules.also_query:
        yield f"When circumstances allow, {any_of(rules.also_query)} is asked too."
    if rules.person_is_checked:
        yield "The plate is the vehicle's, not the driver's: whether the wanted person drives is looked at too."


def _dispatch(profile: AgencyProfile) -> Iterator[str]:
    for number, step in enumerate(profile.dispatch.steps, start=1):
        yield f"{number}. {step.label} ({step.by}{', if possible' if step.optional else ''})."
    said = {
        "The entry's instructions are relayed to units.": profile.dispatch.relay_instructions,
        "Of a stolen plate, units are told which vehicle it belongs to.": profile.dispatch.vehicle_of_stolen_plate,
        "A hit is closed with its outcome, and not without.": profile.dispatch.disposition_required,
        "Whoever entered the plate is told of the recovery and of arrests.": profile.dispatch.notify_originator,
        "An arrest is documented with the officer's vehicle.": profile.dispatch.arrest_names_vehicle,
        "Every hit sounds.": profile.alerts.audible,
    }
    yield from (sentence for sentence, holds in said.items() if holds)


def _cameras(profile: AgencyProfile) -> Iterator[str]:
    cameras = profile.cameras
    yield f"{the(cameras.administrators)} keeps them."
    yield f"{the(cameras.approvers(special=False))} allows where one stands."
    yield f"{the(cameras.approvers(special=True))} allows a special deployment."
    if cameras.inspection_every_days:
        yield f"Each is inspected every {days(cameras.inspection_every_days)}."
    for beat in cameras.beats:
        yield f"{beat.label} is a beat: its officers watch {joined(beat.cameras)}."


def _audits(profile: AgencyProfile) -> Iterator[str]:
    audits = profile.audits
    yield (
        f"Every {days(audits.every_days)} at least {audits.sample_at_least} inquiries of the last"
        f" {days(audits.sample_of_days)} are drawn at random and judged, by {the(audits.conducted_by)}."
    )
    if audits.memorandum_to:
        yield f"The memorandum, with the errors found, goes to the {audits.memorandum_to}."


def _reports(profile: AgencyProfile) -> Iterator[str]:
    for report in profile.reports.reports:
        due = f" by the {report.due_business_day}th business day" if report.due_business_day else ""
        often = "every month" if report.every_months == 1 else f"every {report.every_months} months"
        yield f"{report.label} to the {report.to}, {often}{due}: {joined(_lower(report.contents))}."
    if not profile.reports.reports:
        yield "None is owed at a date."


def _releases(profile: AgencyProfile) -> Iterator[str]:
    releases = profile.releases
    partners = any_of(f"{spoken(kind)} agencies" for kind in profile.sharing.partners)
    yield f"Data may be shared with {partners}, where a signed agreement says so."
    if profile.sharing.signers:
        yield f"{the(profile.sharing.signers)} signs an agreement, and can suspend it at once."
    if releases.written_request_names:
        yield f"A written request names the {joined(releases.written_request_names)}."
    if releases.approvers:
        yield f"{the(releases.approvers)} approves a release."
    decide = f"; {the(releases.others_approvers)} decides on it" if releases.others_approvers else ""
    yield f"Anybody else's request goes to {releases.others_to}{decide}."
    if releases.never_sold:
        yield "Data is never sold."


def _evidence(profile: AgencyProfile) -> Iterator[str]:
    yield f"What a case needs goes to {profile.evidence.kept_in} before its day."
    yield f"Whoever works on the case is warned {days(profile.evidence.warn_days)} before."
    posted = "The policy is posted" if profile.publication.posted else "The policy need not be posted"
    yield f"{posted} for everybody to read ({profile.publication.section})."


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lower(labels: Iterable[str]) -> Iterator[str]:
    """Labels as parts of a sentence: small at the beginning, unless the word is an abbreviation."""
    for label in labels:
        yield label if label[:2].isupper() else label[:1].lower() + label[1:]
