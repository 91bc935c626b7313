"""What several looks at one plate say together: a vote on spellings, each weighted by how sure its look was.

The vote is on whole spellings. Summing the recogniser's matrices instead was measured to do worse: frames of a moving
plate differ in length, and the sum then blurs what each of them had seen clearly.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.recognizer.engine import Candidate, PlateFound

_FLOOR = 0.02
"""What a look gives a spelling that is not among its candidates: one look alone never rules a spelling out."""

_MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Vote:
    """The spelling that won, how probable it is, and the best spellings with it, best first."""

    text: str
    confidence: float
    candidates: tuple[Candidate, ...]


def vote(looks: Sequence[PlateFound]) -> Vote:
    """The vote of one look or more; of one alone it is what that look says.

    Looks are no independent witnesses: the same dirt is in each. So n of them count as the square root of n: agreement
    makes surer, but a hundred frames of a smudge are no proof. What looks leave for other spellings counts as one more
    candidate that can't win.
    """
    shares = [{one.text: one.confidence for one in look.candidates} for look in looks]
    weight = 1 / math.sqrt(len(looks))
    spellings = dict.fromkeys(text for each in shares for text in each)
    scores = {text: weight * sum(math.log(max(each.get(text, 0.0), _FLOOR)) for each in shares) for text in spellings}
    other = weight * sum(math.log(max(1.0 - sum(each.values()), _FLOOR)) for each in shares)
    if len(looks) == 1:
        ranked = sorted(shares[0].items(), key=lambda item: (-item[1], item[0]))
    else:
        highest = max(other, *scores.values())
        total = sum(math.exp(score - highest) for score in (other, *scores.values()))
        weighed = {text: math.exp(score - highest) / total for text, score in scores.items()}
        ranked = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))
    best = tuple(Candidate(text, share) for text, share in ranked[:_MOST_CANDIDATES])
    return Vote(best[0].text, best[0].confidence, best)
