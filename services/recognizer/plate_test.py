"""Whether a line of text is a licence plate at all: what it says and what it stands on, weighed together.

A logistic regression on five measures. Its weights were fitted on rendered roads with rendered signs, badges, captions
and plates on them (`python -m bench.plate_test`), never on photographs.
"""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from services.recognizer.plate_lines import Line, plate_score
from services.recognizer.syntax import Syntax

WEIGHTS_FILE = Path(__file__).with_name("plate_test.yaml")

LEAST_PLATENESS = 0.4
"""The probability from which a line is told as a plate. Less than a half, since rendered roads have more print on them
than real ones; chosen on photographs, of which they are therefore no independent test."""

MEASURES = ("spelling", "dark_print", "neighbours", "least_end", "second_end")


def measures(line: Line, text: str, syntax: Syntax) -> tuple[float, ...]:
    """What is weighed, of a line spelled `text`; in the order of `MEASURES`."""
    least, second, *_ = line.ground.ends
    return plate_score(line, text, syntax), line.ground.dark_print, float(line.neighbours), least, second


def plateness(looks: Sequence[Line], text: str, syntax: Syntax) -> float:
    """How probable it is that what was looked at, spelled `text`, is a plate; the looks count alike."""
    bias, weights = _weights()
    logits = [
        bias + sum(weight * value for weight, value in zip(weights, measures(look, text, syntax), strict=True))
        for look in looks
    ]
    return 1 / (1 + math.exp(-sum(logits) / len(logits)))


@cache
def _weights() -> tuple[float, tuple[float, ...]]:
    """The bias, and a weight for each measure."""
    fitted = yaml.safe_load(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return float(fitted["bias"]), tuple(float(fitted["weights"][name]) for name in MEASURES)
