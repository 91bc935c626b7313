"""Whether a record of a read can raise hits at all, before any entry is looked at."""

from plateward.contracts.reads import PlateRead
from plateward.plates.confusion import match_key


def why_no_news(read: PlateRead) -> str | None:
    """Why this record of a read raises no hit, in a sentence; None where it can.

    A pass is told again when it is over; only where the vote has come to another plate is that to be matched.
    """
    if read.below_threshold:
        return "It is less sure than its agency asks for before a read may raise a hit."
    if read.supersedes is not None and match_key(read.supersedes) == match_key(read.plate):
        return "It was matched before, as the same plate, when its pass was first told."
    return None
