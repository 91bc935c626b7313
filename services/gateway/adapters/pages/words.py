"""What the pages call things: the words of the field for the terms of the contracts. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from plateward.contracts.hits import VEHICLE_PARTS, CharacterComparison, HitRaised
from plateward.contracts.reads import VehicleDescription
from plateward.plates.alignment import align
from plateward.policy.profile import CustomEntries

CATEGORY_WORDS = {
    "stolen-vehicle": "Stolen vehicle",
    "stolen-plate": "Stolen plate",
    "felony-vehicle": "Felony vehicle",
    "wanted-person": "Wanted person",
    "missing-person": "Missing person",
    "protective-order": "Protective order",
    "terrorist-related": "Terrorist-related",
    "amber-alert": "AMBER Alert",
    "blue-alert": "Blue Alert",
    "silver-alert": "Silver Alert",
    "other": "Other",
}
PRIORITY_WORDS = {"highest": "Highest", "high": "High", "routine": "Routine"}
CAMERA_STATE_WORDS = {"working": "Working", "faulty": "Faulty", "out-of-service": "Out of service"}
PRIORITY_ORDER = tuple(PRIORITY_WORDS)

_VERDICT_WORDS = (
    ("differs", "Different", "{listed} read as {read}"),
    ("lost", "Not read", "{listed}"),
    ("inserted", "Not listed", "{read}"),
    ("confusable", "Easily confused", "{listed} read as {read}"),
    ("open", "Not known", "{read}"),
)
_DIRECTIONS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def direction(bearing_deg: float) -> str:
    """The way that traffic goes, in words: 90 is eastbound."""
    return f"{_DIRECTIONS[round(bearing_deg / 45) % 8]}bound"


def longest(rules: CustomEntries) -> str:
    """How late an entry may end, and which may not end that late."""
    sooner = {
        days: [CATEGORY_WORDS[one].lower() for one, most in rules.longest_days_by_category.items() if most == days]
        for days in sorted(set(rules.longest_days_by_category.values()))
    }
    parts = [f"at most {days} for {', '.join(names)}" for days, names in sooner.items()]
    return "; ".join([f"at most {rules.longest_days} days from now", *parts])


def age(of: datetime, at: datetime) -> str:
    """How long ago something was, as people say it: 42 s, 3 min 05 s, 2 h 10 min, 4 days."""
    seconds = max(0, int((at - of).total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    if seconds < 86400:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"
    days = seconds // 86400
    return f"{days} day" if days == 1 else f"{days} days"


def local_time(time: datetime, zone: ZoneInfo, at: datetime) -> str:
    """A time on the agency's clocks; with its date unless that is today."""
    here, today = time.astimezone(zone), at.astimezone(zone).date()
    if here.date() == today:
        return f"{here:%H:%M:%S}"
    return f"{here.day} {here:%b %H:%M:%S}" if here.year == today.year else f"{here.day} {here:%b %Y %H:%M:%S}"


def local_date(at: datetime, zone: ZoneInfo) -> str:
    """A day on the agency's calendar."""
    here = at.astimezone(zone)
    return f"{here.day} {here:%B %Y}"


def local_day(time: datetime, zone: ZoneInfo) -> str:
    """A day and minute on the agency's clocks, for things that end: 1 March 2026, 09:30."""
    here = time.astimezone(zone)
    return f"{here.day} {here:%B %Y, %H:%M}"


def calendar_day(day: date) -> str:
    """A day as it is written: 1 March 2026."""
    return f"{day.day} {day:%B %Y}"


def universal_time(time: datetime) -> str:
    """The same time in UTC, for the tooltip."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def vehicle(described: VehicleDescription | None) -> str:
    """A vehicle in words: white Ford Transit, van, roof rack; empty when nothing is known of it."""
    if described is None:
        return ""
    name = " ".join(part for part in (described.colour, described.make, described.model) if part)
    return ", ".join(part for part in (name, described.kind, *described.features) if part)


def contradictions(hit: HitRaised) -> list[str]:
    """What of the read speaks against the entry, a sentence each; a dispatcher must not pass over any of them."""
    found = []
    if hit.comparison.state == "contradicts":
        found.append(
            f"State of issue contradicts: the plate was read as {hit.read.state}, listed is {hit.entry.state}."
        )
    for part in VEHICLE_PARTS:
        if part in hit.comparison.contradicted:
            seen, listed = getattr(hit.read.vehicle, part), getattr(hit.entry.vehicle, part)
            found.append(f"Vehicle contradicts: {part} seen is {seen}, listed is {listed}.")
    return found


def weakness(hit: HitRaised) -> str:
    """What keeps the plate from being the one listed as it was read; empty where nothing does."""
    comparison = hit.comparison
    if comparison.candidate is not None:
        share = f"{comparison.candidate.confidence * 100:.0f} %"
        return f"A less likely reading, {share} sure. The likeliest is {hit.read.plate}."
    if comparison.grade == "near-miss":
        return "A near miss: one character more or less than listed."
    return "A partial plate: many vehicles can have it." if comparison.grade == "partial" else ""


def comparison_words(characters: Sequence[CharacterComparison]) -> str:
    """What the comparison of two plates says, short enough to be read aloud."""
    said = []
    for verdict, words, pair in _VERDICT_WORDS:
        pairs = [pair.format(listed=one.listed, read=one.read) for one in characters if one.verdict == verdict]
        if pairs:
            said.append(f"{words}: {', '.join(pairs)}.")
    return " ".join(said) or "Every character agrees."


def grade_words(asked: str, read: str) -> str:
    """How a read answers the plate that was asked for: "exact", or which characters are only confusable."""
    pairs = [
        f"{one.listed or 'nothing'}/{one.read or 'nothing'}" for one in align(asked, read) if one.verdict != "agrees"
    ]
    return f"confusable: {', '.join(pairs)}" if pairs else "exact"


ACCOUNT_COMMANDS = {
    "create": "made",
    "invite": "invited anew",
    "deactivate": "closed",
    "reactivate": "opened again",
    "release": "released",
    "review": "reviewed",
    "train": "training put on file",
    "violation": "violation recorded",
    "open-window": "maintenance window opened",
}
"""What was done to an account."""
