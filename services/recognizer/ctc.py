"""Arithmetic on a recogniser's output: what a CTC matrix says, and how probable a spelling is under it.

A plate matrix has a row a time step and 37 columns: nothing, then 0 to 9, then A to Z. Its rows sum to 1.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float64]

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BLANK = 0
COLUMN = {character: column for column, character in enumerate(CHARACTERS, start=1)}
FLOOR = 1e-6
"""No character is impossible: the recogniser's own zeros are overconfident."""

_SAME_DIE = 0.03
"""The probability that a character was pressed as the other of its shape, however surely it was read."""

_BEAM_MINIMUM = 1e-3
"""Below this probability a character does not open a new branch of the beam."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as printed, symbols and case included, and the mean probability of its characters."""

    text: str
    confidence: float


class CharacterSet:
    """The recogniser's own characters, of which a plate uses 36."""

    def __init__(self, characters: Sequence[str]) -> None:
        """Take the characters of columns 1, 2, ... of the recogniser's output; column 0 is nothing."""
        self._characters = ("", *characters)
        self._sources = [
            [column for column, printed in enumerate(self._characters) if printed and printed in wanted]
            for wanted in ({character, character.lower()} for character in CHARACTERS)
        ]

    def printed(self, probabilities: npt.NDArray[np.floating]) -> Printed:
        """Read the line greedily, with everything that is printed on it."""
        best = probabilities.argmax(axis=1)
        peaks = probabilities.max(axis=1)
        starts = [step for step, column in enumerate(best) if column and (step == 0 or best[step - 1] != column)]
        text = "".join(self._characters[best[step]] for step in starts)
        return Printed(text, float(np.mean(peaks[starts])) if starts else 0.0)

    def plate_matrix(self, probabilities: npt.NDArray[np.floating]) -> Matrix:
        """Keep a plate's 36 characters, lower case counted as upper case; all else is nothing."""
        matrix = np.zeros((len(probabilities), 1 + len(CHARACTERS)))
        for column, sources in enumerate(self._sources, start=1):
            matrix[:, column] = probabilities[:, sources].sum(axis=1)
        matrix[:, BLANK] = 1.0 - matrix.sum(axis=1)
        matrix = np.maximum(matrix, FLOOR)
        normalised: Matrix = matrix / matrix.sum(axis=1, keepdims=True)
        return normalised


def greedy(matrix: Matrix) -> str:
    """The spelling along the most probable path."""
    best = matrix.argmax(axis=1)
    starts = (column for step, column in enumerate(best) if column and (step == 0 or best[step - 1] != column))
    return "".join(CHARACTERS[column - 1] for column in starts)


def beam(matrix: Matrix, width: int) -> list[str]:
    """The `width` most probable spellings by prefix beam search, best first."""
    prefixes: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}  # the probability of ending on nothing, on a character
    for row in matrix:
        grown: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        branches = [(CHARACTERS[column - 1], row[column]) for column in np.flatnonzero(row[1:] > _BEAM_MINIMUM) + 1]
        for prefix, (on_blank, on_character) in prefixes.items():
            grown[prefix][0] += (on_blank + on_character) * row[BLANK]
            if prefix:
                grown[prefix][1] += on_character * row[COLUMN[prefix[-1]]]
            for character, probability in branches:
                before = on_blank if prefix.endswith(character) else on_blank + on_character
                grown[prefix + character][1] += before * probability
        best = sorted(grown.items(), key=lambda item: -sum(item[1]))[:width]
        total = sum(sum(ends) for _, ends in best)
        prefixes = {prefix: (ends[0] / total, ends[1] / total) for prefix, ends in best}
    return list(prefixes)


def _as_pressed() -> Matrix:
    """What a character read was pressed as: O and 0, I and 1 are often the same die, and only the syntax tells."""
    pressed = np.eye(1 + len(CHARACTERS))
    for one, other in (("O", "0"), ("I", "1")):
        for read, really in ((COLUMN[one], COLUMN[other]), (COLUMN[other], COLUMN[one])):
            pressed[read, really] += _SAME_DIE
            pressed[read, read] -= _SAME_DIE
    return pressed


_AS_PRESSED = _as_pressed()


def as_pressed(matrix: Matrix) -> Matrix:
    """The matrix of what was pressed, of which the recogniser's is too sure between characters of the same shape."""
    softened: Matrix = matrix @ _AS_PRESSED
    return softened


def log_probabilities(matrix: Matrix, texts: Sequence[str]) -> list[float]:
    """ln P(text) under the matrix, summed over all its paths, for each of `texts`; -inf where it has no room.

    The texts are stepped through together, in one padded table: a plate has some thirty candidates.
    """
    if not texts:
        return []
    states = 2 * max(map(len, texts)) + 1
    columns = np.full((len(texts), states), BLANK)
    for number, text in enumerate(texts):
        columns[number, 1 : 2 * len(text) : 2] = [COLUMN[character] for character in text]
    may_skip = np.zeros_like(columns, dtype=bool)  # over the blank between two different characters
    may_skip[:, 2:] = (columns[:, 2:] != BLANK) & (columns[:, 2:] != columns[:, :-2])

    log_matrix = np.log(matrix)
    reached = np.full(columns.shape, -np.inf)
    reached[:, :2] = log_matrix[0][columns[:, :2]]
    for row in log_matrix[1:]:
        advanced = reached.copy()
        advanced[:, 1:] = np.logaddexp(advanced[:, 1:], reached[:, :-1])
        skipped = np.where(may_skip[:, 2:], reached[:, :-2], -np.inf)
        advanced[:, 2:] = np.logaddexp(advanced[:, 2:], skipped)
        reached = advanced + row[columns]
    return [
        float(np.logaddexp(line[2 * len(text)], line[2 * len(text) - 1])) if text else float(line[0])
        for line, text in zip(reached, texts, strict=True)
    ]


def character_confidences(matrix: Matrix, text: str) -> tuple[float, ...]:
    """How clearly each character of `text` was seen: its highest probability where the best path puts it.

    Zeros where the text has no path at all, because the line is too short for it.
    """
    if not text:
        return ()
    columns: list[int] = [BLANK]
    for character in text:
        columns += [COLUMN[character], BLANK]
    path = _best_path(matrix, columns)
    seen = [0.0] * len(text)
    for step, state in enumerate(path):
        if state % 2:
            seen[state // 2] = max(seen[state // 2], float(matrix[step, columns[state]]))
    return tuple(min(1.0, probability) for probability in seen)


def _best_path(matrix: Matrix, columns: Sequence[int]) -> list[int]:
    """The most probable sequence of states through `columns` (Viterbi); empty if there is none."""
    log_matrix = np.log(matrix)
    reached = [-math.inf] * len(columns)
    reached[0], reached[1] = log_matrix[0, columns[0]], log_matrix[0, columns[1]]
    came_from: list[list[int]] = []
    for row in log_matrix[1:]:
        origins: list[int] = []
        for state, column in enumerate(columns):
            choices: list[int] = [state, state - 1] if state else [state]
            if state > 1 and column != BLANK and column != columns[state - 2]:
                choices.append(state - 2)
            origins.append(max(choices, key=reached.__getitem__))
        reached = [reached[origin] + row[column] for origin, column in zip(origins, columns, strict=True)]
        came_from.append(origins)
    state = max(len(columns) - 1, len(columns) - 2, key=reached.__getitem__)
    if reached[state] == -math.inf:
        return []
    path: list[int] = [state]
    for origins in reversed(came_from):
        path.append(origins[path[-1]])
    return path[::-1]
