"""From where on something is worth a question. An agency that knows its work better sets its own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The defaults were chosen by judgement. The bench changed two of them, once: `target_days` was 5, which honest
    cases reach too often, and `habit_looks` was 60, which people who search seldom never reached.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    """A misspelt threshold is refused where it is read from the settings: it would otherwise bind nobody."""

    silence: timedelta = timedelta(days=30)
    """How long a matter that was told is not told again."""

    target_days: int = 8
    target_cases: int = 3
    target_period: timedelta = timedelta(days=60)
    """One person looks for one plate on so many days, or under so many cases."""

    habit_looks: int = 30
    habit_share: float = 0.02
    habit_hours: int = 2
    odd_looks: int = 3
    odd_period: timedelta = timedelta(days=7)
    """After so many looks a person has hours; so many looks outside of them, give or take two hours, are odd."""

    shared_within: timedelta = timedelta(minutes=15)
    shared_changes: int = 2
    """One account goes to and fro between sessions at two addresses so often in this time."""

    vague_looks: int = 3
    vague_period: timedelta = timedelta(days=30)
    vague_characters: int = 8
    """So many reasons in this time that say nothing; fewer characters than that never say anything."""

    burst_looks: int = 20
    burst_period: timedelta = timedelta(minutes=15)

    case_plates: int = 10
    case_period: timedelta = timedelta(days=90)
    """One person looks for so many plates under one case."""

    breadth_plates: int = 60
    breadth_times: float = 4.0
    breadth_period: timedelta = timedelta(days=7)
    """One person looks for so many plates, and so many times as many as the median of the colleagues who look."""
