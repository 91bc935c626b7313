"""Comparing a listed plate with a read one, character by character (Flagstaff 317.6.E.1, Stockton III.D.2)."""

from itertools import zip_longest

from plateward.contracts.hits import Agreement, CharacterComparison, Comparison, MatchGrade, Verdict
from plateward.plates.confusion import confusable


def compare(*, listed: str, read: str, listed_state: str | None, read_state: str | None) -> Comparison:
    """What agrees between an entry's plate and a read's, position by position, and their states of issue."""
    characters = tuple(
        CharacterComparison(listed=ours, read=theirs, verdict=_verdict(ours, theirs))
        for ours, theirs in zip_longest(listed, read, fillvalue="")
    )
    grade: MatchGrade = "exact" if listed == read else "confusable"
    return Comparison(grade=grade, characters=characters, state=compare_states(listed_state, read_state))


def compare_states(listed: str | None, read: str | None) -> Agreement:
    """Whether the states of issue agree; unknown when either side does not say."""
    if listed is None or read is None:
        return "unknown"
    return "agrees" if listed == read else "contradicts"


def _verdict(listed: str, read: str) -> Verdict:
    if listed == read:
        return "agrees"
    return "confusable" if confusable(listed, read) else "differs"
