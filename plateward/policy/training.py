"""Whether somebody has learnt what a kind of access asks for, and whether a violation keeps them out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from plateward.policy.profile import AgencyProfile, Right


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """A training that somebody completed, and when it was put on file."""

    training_id: str
    completed_on: date
    recorded_at: datetime


def counts_until(profile: AgencyProfile, record: TrainingRecord) -> date | None:
    """The last day on which the training counts; None where it counts for good."""
    kind = profile.training.kind(record.training_id)
    if kind is None or kind.valid_days is None:
        return None
    return record.completed_on + timedelta(days=kind.valid_days)


def what_training_lacks(
    profile: AgencyProfile, right: Right, records: Iterable[TrainingRecord], at: datetime
) -> str | None:
    """Why somebody with this training on file has not the right, in words; None when nothing is lacking.

    (Flagstaff 317.5.4, Barstow 466.8, Kentucky IV.A, Florence 807.3.d, Stockton I.B and III.C)
    """
    on_file, today = tuple(records), at.astimezone(ZoneInfo(profile.timezone)).date()
    for training_id in profile.training.required_for(right):
        of_kind = [record for record in on_file if record.training_id == training_id]
        if not any(_counts(profile, record, today) for record in of_kind):
            kind = profile.training.kind(training_id)
            label = kind.label if kind else training_id
            ended = max((end for record in of_kind if (end := counts_until(profile, record))), default=None)
            lacking = f"{label} counted until {ended}" if ended else f"{label} is not on file"
            return f"{lacking} ({profile.policy}, {profile.training.section})"
    return None


def suspended_since(
    profile: AgencyProfile, violated_at: datetime | None, records: Iterable[TrainingRecord]
) -> datetime | None:
    """Since when a violation keeps the person out; None when there is none, or they were retrained since.

    (Barstow 466.6.e)
    """
    if violated_at is None:
        return None
    day = violated_at.astimezone(ZoneInfo(profile.timezone)).date()
    retrained = any(
        record.training_id == profile.training.retraining
        and record.recorded_at > violated_at
        and record.completed_on >= day
        for record in records
    )
    return None if retrained else violated_at


def _counts(profile: AgencyProfile, record: TrainingRecord, today: date) -> bool:
    until = counts_until(profile, record)
    return record.completed_on <= today and (until is None or today <= until)
