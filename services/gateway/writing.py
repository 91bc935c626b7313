"""What people write, and what of it no record can keep."""

import re
from collections.abc import Mapping

from plateward.policy.reasons import Missing

UNSEEN = (
    "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f"  # controls, but for tabs and ends of lines
    "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"  # soft hyphens, joiners, fillers
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb"  # no width, turned direction
)
"""Characters that cannot be seen, as a regular expression's class has them.

Two texts that differ in them look the same on every screen and printout, so no record could be told from another; and
NUL is in no text of PostgreSQL (its manual, 8.3 and 8.14).
"""

SEEN_ALONE = f"^[^{UNSEEN}]*$"
"""What a text without them matches, as the interface's description says it."""

UNSEEN_RULE = "must hold no control characters, and none that cannot be seen"

STATEMENT_AT_LEAST = 10
"""Characters of a statement that is kept to be read by an auditor: less than these tells nothing."""

_UNSEEN = re.compile(f"[{UNSEEN}\U000e0000-\U000e0fff]")


def holds_unseen(text: str) -> bool:
    """Whether a text holds characters that cannot be seen."""
    return _UNSEEN.search(text) is not None


def unwritable(texts: Mapping[str, str | None]) -> tuple[Missing, ...]:
    """The fields whose text cannot be kept."""
    return tuple(Missing(name, UNSEEN_RULE) for name, text in texts.items() if text is not None and holds_unseen(text))
