"""Whether a line of text is a licence plate at all: what it says and what it stands on, weighed together.

How often such an inscription is a plate's number is declared (`inscription.py`). What its ground adds to that is a
logistic regression for inscriptions of letters and digits, and one for words and figures, which need more than their
spelling to pass. The weights were fitted on rendered roads with rendered signs, badges, captions and plates on them
(`python -m bench.plate_test`), never on photographs.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from services.recognizer.inscription import odds
from services.recognizer.plate_lines import Line
from services.recognizer.syntax import Syntax

WEIGHTS_FILE = Path(__file__).with_name("plate_test.yaml")

LEAST_PLATENESS = 0.5
"""The probability from which a line is told as a plate."""

MEASURES = ("dark_print", "contrast", "neighbours", "ends")

GROUPS = ("mixed", "alone")
"""Letters and digits, and either alone."""

_LEAST_CONTRAST = 0.03

_UNSEEN = 0.15
"""The share of plates whose ground does not look like one: in the shade, dirty, overexposed, framed, or cut off.

Rendered plates are cleaner: their ground alone would refuse too many real ones, however clearly they are spelled."""

_LEAST_ODDS = 1e-9


@dataclass(frozen=True, slots=True)
class Weights:
    """Of one group: a bias, and a weight for each measure."""

    bias: float
    measures: tuple[float, ...]


def group_of(text: str) -> str:
    """The group of a spelling."""
    return "alone" if text.isdigit() or text.isalpha() else "mixed"


def measures(line: Line) -> tuple[float, ...]:
    """What is weighed of a line's ground, in the order of `MEASURES`."""
    least, second, *_ = line.ground.ends
    return (
        line.ground.dark_print,
        math.log(max(line.ground.contrast, _LEAST_CONTRAST)),
        float(line.neighbours),
        (least + second) / 2,
    )


def plateness(looks: Sequence[Line], text: str, syntax: Syntax) -> float:
    """How probable it is that what was looked at, spelled `text`, is a plate; the looks count alike."""
    weights = _weights()[group_of(text)]
    logits = [_logit(odds(text, look.printed, look.confidence, syntax), look, weights) for look in looks]
    return 1 / (1 + math.exp(-sum(logits) / len(logits)))


def _logit(before: float, look: Line, weights: Weights) -> float:
    """The odds of a look by what it says, and then by its ground."""
    seen = weights.bias + sum(weight * value for weight, value in zip(weights.measures, measures(look), strict=True))
    likelihood = _UNSEEN + (1 - _UNSEEN) * math.exp(seen)
    return math.log(max(before, _LEAST_ODDS) * likelihood)


@cache
def _weights() -> Mapping[str, Weights]:
    """The weights of each group."""
    fitted = yaml.safe_load(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {
        group: Weights(fitted[group]["bias"], tuple(float(fitted[group]["weights"][name]) for name in MEASURES))
        for group in GROUPS
    }
