"""Which state issued a plate, by what it says besides its number. Never by its number: syntax names no state."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise

import yaml
from rapidfuzz import fuzz

_ALIKE, _ALIKE_IF_SHORT = 0.72, 0.86
_SHORT = 6
"""Letters up to which a phrase must be read nearly whole: one letter more or less makes another word of it."""
_LEAST_INSIDE = 5
"""Letters from which a phrase inside a longer line is no accident."""
_LEAD = 0.06
"""How much better than any other state's phrase the best must match."""


@cache
def phrases() -> Mapping[str, str]:
    """What plates say, capitals and digits only, and the state (its postal code) that says so."""
    printed = yaml.safe_load(files(__package__).joinpath("states.yaml").read_text(encoding="utf-8"))
    return {_plain(phrase): state for state, said in printed.items() for phrase in said}


def state_of(lines: Iterable[str]) -> str | None:
    """The state that prints what these lines say, as its postal code; None where they name none, or more than one.

    A line and the next are tried as one, too: "Birthplace" over "of Aviation".
    """
    said = [line for line in map(_plain, lines) if line]
    best: dict[str, tuple[float, int]] = {}
    for line in dict.fromkeys(said):
        _keep_best(best, _matches(line, _part_or_whole))
    for first, second in pairwise(said):
        _keep_best(best, _matches(first + second, _whole))
    ranked = sorted(best.items(), key=lambda each: each[1], reverse=True)
    if not ranked:
        return None
    (state, first_match), *others = ranked
    return None if others and first_match[0] - others[0][1][0] < _LEAD else state


def _keep_best(best: dict[str, tuple[float, int]], matches: Mapping[str, tuple[float, int]]) -> None:
    for state, match in matches.items():
        best[state] = max(match, best.get(state, match))


def _matches(line: str, alikeness: Callable[[str, str], float]) -> dict[str, tuple[float, int]]:
    """How well the line matches each state's phrases, and how long the phrase is.

    A phrase that is only part of the line is hidden by a longer one around it, as Virginia by West Virginia.
    """
    found: list[tuple[float, str, str]] = []
    for phrase, state in phrases().items():
        alike = alikeness(line, phrase)
        if alike >= (_ALIKE_IF_SHORT if len(phrase) <= _SHORT else _ALIKE):
            found.append((alike, phrase, state))
    matches: dict[str, tuple[float, int]] = {}
    for alike, phrase, state in found:
        hidden = phrase != line and any(
            phrase in other and phrase != other and better >= min(alike, _ALIKE_IF_SHORT) for better, other, _ in found
        )
        if not hidden:
            matches[state] = max((alike, len(phrase)), matches.get(state, (0.0, 0)))
    return matches


def _whole(line: str, phrase: str) -> float:
    """How alike two strings are, from 0 to 1: the share of their letters that both have, in the same order."""
    return fuzz.ratio(line, phrase) / 100


def _part_or_whole(line: str, phrase: str) -> float:
    """The same, but a phrase read without a mistake inside a longer line counts as read."""
    return 1.0 if len(phrase) >= _LEAST_INSIDE and phrase in line else _whole(line, phrase)


def _plain(text: str) -> str:
    return "".join(character for character in text.upper() if character.isascii() and character.isalnum())
