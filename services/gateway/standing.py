"""What a person may do at this moment: what the title gives, less what training, a violation or a window withholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from plateward.policy.profile import AgencyProfile, Right
from plateward.policy.training import TrainingRecord, suspended_since, what_training_lacks


@dataclass(frozen=True, slots=True)
class Record:
    """What is on file of a person that bears on their rights."""

    trainings: tuple[TrainingRecord, ...] = ()
    violated_at: datetime | None = None
    """The last violation."""
    maintains_until: datetime | None = None
    """The end of the maintenance window that is open at present."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The rights at a moment, and the ones withheld, each with the reason in words."""

    rights: frozenset[Right]
    withheld: Mapping[Right, str]


def standing(profile: AgencyProfile, title: str, record: Record, at: datetime) -> Standing:
    """What a person of this title and record may do."""
    granted = profile.rights_of(title)
    barred = what_bars(profile, title, record, at)
    if barred is not None:
        return Standing(frozenset(), dict.fromkeys(granted, barred))
    if is_vendor(profile, title):
        return Standing(granted, {})
    withheld: dict[Right, str] = {
        right: why for right in granted if (why := what_training_lacks(profile, right, record.trainings, at))
    }
    return Standing(granted - set(withheld), withheld)


def what_bars(profile: AgencyProfile, title: str, record: Record, at: datetime) -> str | None:
    """What takes all rights from a person: a violation, or for a vendor that no window is open; None when nothing."""
    suspended = suspended_since(profile, record.violated_at, record.trainings)
    if suspended is not None:
        kind = profile.training.kind(profile.training.retraining)
        until = kind.label if kind else profile.training.retraining
        day = suspended.astimezone(ZoneInfo(profile.timezone)).date()
        return f"suspended since {day} after a violation, until: {until} ({profile.accounts.section})"
    if is_vendor(profile, title) and (record.maintains_until is None or at >= record.maintains_until):
        return f"no maintenance window is open ({profile.policy}, {profile.accounts.section})"
    return None


def is_vendor(profile: AgencyProfile, title: str) -> bool:
    """Whether the title is one of a vendor's people, who maintain and see no data (Barstow 466.10.d)."""
    return profile.accounts.vendors is not None and title in profile.accounts.vendors.titles
