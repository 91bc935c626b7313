"""The spellings that a plate may have, and how probable each is."""

import math
from collections.abc import Sequence

import numpy as np

from services.recognizer.ctc import Matrix, as_pressed, beam, greedy, log_probabilities
from services.recognizer.engine import Candidate
from services.recognizer.syntax import Syntax

_MOST_CANDIDATES = 5
_BEAM_WIDTH = 4
_LENGTHS = range(2, 11)
_SEEN_FLOOR = -14.0
"""ln P below which two spellings are equally unseen: what is left between them is syntax."""


def candidates(looks: Sequence[Matrix], syntax: Syntax) -> tuple[Candidate, ...]:
    """The five most probable spellings of a plate seen in `looks`, best first; none if no look reads as one.

    Looks count alike: a spelling's score is the mean of what they give it, and what the syntax adds.
    """
    spellings = _spellings(looks, syntax)
    if not spellings:
        return ()
    pressed = [log_probabilities(as_pressed(matrix), spellings) for matrix in looks]
    seen = np.mean([np.logaddexp(each, _SEEN_FLOOR) for each in pressed], axis=0)
    scores = [
        float(probability) + syntax.prior(spelling) for spelling, probability in zip(spellings, seen, strict=True)
    ]
    best = max(scores)
    shares = [math.exp(score - best) for score in scores]
    total = sum(shares)
    ranked = sorted(zip(spellings, shares, strict=True), key=lambda each: (-each[1], each[0]))
    return tuple(Candidate(spelling, share / total) for spelling, share in ranked[:_MOST_CANDIDATES])


def _spellings(looks: Sequence[Matrix], syntax: Syntax) -> list[str]:
    """What the looks read, and what look-alikes would make of that in a known format; each once."""
    read = [text for matrix in looks for text in (greedy(matrix), *beam(matrix, _BEAM_WIDTH)) if len(text) in _LENGTHS]
    respelled = [respelling for text in dict.fromkeys(read) for respelling in syntax.respellings(text)]
    return list(dict.fromkeys(read + respelled))
