"""Comparing what an entry looks for with what was read (Flagstaff 317.6.E.1, Stockton III.D.2)."""

from plateward.contracts.hits import VEHICLE_PARTS, Agreement, Comparison, MatchGrade, VehicleComparison
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import Candidate, PlateRead, VehicleDescription
from plateward.plates.alignment import align
from plateward.plates.colours import may_be_alike
from plateward.plates.confusion import match_key
from plateward.plates.likelihood import may_count
from plateward.plates.patterns import fits, is_partial


def compare(entry: HotListEntry, read: PlateRead) -> Comparison | None:
    """How the entry's plate is the read's, and what agrees and what does not; None where it is another plate.

    Only the plate decides whether they match: a state of issue or a vehicle that contradicts is said, and keeps nothing
    back.
    """
    candidate = None
    grade = _grade(entry, read.plate)
    if grade in (None, "near-miss") and (candidate := _candidate(entry, read)) is not None:
        grade = "candidate"
    if grade is None:
        return None
    return Comparison(
        grade=grade,
        characters=align(entry.plate, candidate.plate if candidate else read.plate),
        state=compare_states(entry.state, read.state),
        vehicle=compare_vehicles(entry.vehicle, read.vehicle),
        candidate=candidate,
    )


def compare_states(listed: str | None, read: str | None) -> Agreement:
    """Whether the states of issue agree; unknown when either side does not say."""
    return _agreement(listed, read)


def compare_vehicles(listed: VehicleDescription | None, seen: VehicleDescription | None) -> VehicleComparison:
    """Which parts of the descriptions agree; a part that either side does not name is unknown."""
    if listed is None or seen is None:
        return VehicleComparison()
    return VehicleComparison(
        **{part: _part(part, _named(getattr(listed, part)), _named(getattr(seen, part))) for part in VEHICLE_PARTS}
    )


def one_off(one: str, other: str) -> bool:
    """Whether one text is the other with one character inserted."""
    shorter, longer = sorted((one, other), key=len)
    return len(longer) == len(shorter) + 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )


def _grade(entry: HotListEntry, plate: str) -> MatchGrade | None:
    if is_partial(entry.plate):
        return "partial" if fits(entry.plate, plate) else None
    if entry.plate == plate:
        return "exact"
    listed, read = match_key(entry.plate), match_key(plate)
    if listed == read:
        return "confusable"
    return "near-miss" if entry.near_misses and one_off(listed, read) else None


def _candidate(entry: HotListEntry, read: PlateRead) -> Candidate | None:
    """The likeliest of the read's other spellings that is the entry's plate, as far as readers tell plates apart."""
    listed = match_key(entry.plate)
    found = [one for one in read.candidates if may_count(one) and match_key(one.plate) == listed]
    return max(found, key=lambda candidate: candidate.confidence, default=None)


def _agreement(listed: str | None, read: str | None) -> Agreement:
    if listed is None or read is None:
        return "unknown"
    return "agrees" if listed == read else "contradicts"


def _part(part: str, listed: str | None, seen: str | None) -> Agreement:
    if part == "colour" and listed and seen and may_be_alike(listed, seen):
        return "agrees"
    return _agreement(listed, seen)


def _named(part: str | None) -> str | None:
    """A part of a description as it is compared; nothing but spaces names nothing."""
    return " ".join((part or "").casefold().split()).replace("gray", "grey") or None
