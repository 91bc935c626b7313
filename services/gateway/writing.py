"""What people write, and what of it no record can keep."""

from collections.abc import Mapping

from plateward.policy.reasons import Missing


def unwritable(texts: Mapping[str, str | None]) -> tuple[Missing, ...]:
    """The fields whose text cannot be kept: NUL is in no text of PostgreSQL (its manual, 8.3 and 8.14)."""
    rule = "must not hold the character NUL"
    return tuple(Missing(name, rule) for name, text in texts.items() if text is not None and "\0" in text)
