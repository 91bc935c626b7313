"""Plate matrices that read as a given text."""

import numpy as np

from services.recognizer.ctc import CHARACTERS, COLUMN, FLOOR, Matrix

COLUMNS = 1 + len(CHARACTERS)


def spelled(*steps: dict[str, float]) -> Matrix:
    """A matrix with one row a step; each step names probabilities of characters, the rest is nothing."""
    matrix = np.full((len(steps), COLUMNS), FLOOR)
    for row, step in zip(matrix, steps, strict=True):
        for character, probability in step.items():
            row[COLUMN[character]] = probability
        row[0] = max(FLOOR, 1 - row[1:].sum())
    normalised: Matrix = matrix / matrix.sum(axis=1, keepdims=True)
    return normalised


def reading(text: str, clarity: float = 0.99) -> Matrix:
    """A matrix that reads `text`, with a gap after each character."""
    return spelled(*(step for character in text for step in ({character: clarity}, {})))
