"""Reasons that say nothing."""

import re

from services.audit.watching.alarms import Alarm, alarm
from services.audit.watching.looks import Look
from services.audit.watching.recent import Recent
from services.audit.watching.thresholds import Thresholds

_EMPTY = """
a an the and or for of to on in at as is it this that my our with by from per re
investigation investigations investigative investigating invest invst official police law enforcement criminal
business work duty use case cases check checking checks query search searching look looking lookup run running
plate plates vehicle car info information intel intelligence need needed follow following up followup
other misc miscellaneous general test testing none na n/a nothing asdf xxx reason reasons purpose request requested
ongoing active susp suspicious suspect activity stuff thing things
"""

EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words that fit any search: a reason of these alone is none."""

_WORD = re.compile(r"[^\W_]+(?:/[^\W_]+)?")
_FILLER = re.compile(r"\D*(?:0+|1+|9+|0*12345\d*)\D*")
"""Numbers that nobody's case has."""


class VagueReason:
    """A person whose reasons would fit any search."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._recent = Recent[str](thresholds.vague_period)

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due."""
        if not is_vague(look, self._thresholds.vague_characters):
            return None
        looks = self._recent.add(look.person_id, look)
        if len(looks) < self._thresholds.vague_looks:
            return None
        return alarm("vague_reason", looks, f"{len(looks)} reasons that would fit any search")


def is_vague(look: Look, least_characters: int) -> bool:
    """Whether the reason names no case that could be one, or says nothing that sets this search apart.

    A form that asks for a number alone has said all with it.
    """
    if _FILLER.fullmatch(look.case.partition("-")[2] or look.case):
        return True
    if not look.words:
        return not look.case
    telling = [word for word in _WORD.findall(look.words.lower()) if word not in EMPTY_WORDS]
    return len(look.words) < least_characters or not any(len(word) > 1 for word in telling)
