"""How likely a spelling must be for a read to be taken for it."""

from plateward.contracts.reads import Candidate

LEAST_SHARE = 0.01
"""A recogniser always names five spellings. Those below one in a hundred are what it has ruled out, and hits on them
would be hits on other people's cars."""


def may_count(candidate: Candidate) -> bool:
    """Whether a lower-ranked spelling is likely enough to be told of."""
    return candidate.confidence >= LEAST_SHARE
