"""Numbers that may be published: none so small that it is about somebody, none so exact that nights can be compared."""

from typing import Annotated

import msgspec

SMALLEST = 10
"""Numbers below it are not told, but for none: few searches are about few people."""

ROUNDED_TO = 5
"""All others are rounded: what is published every night would else tell, by subtraction, what happened on one day."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A number as it is published: rounded, or that it is too small to be told."""

    number: Annotated[int, msgspec.Meta(ge=0)] | None

    @property
    def said(self) -> str:
        """The number in words."""
        return f"fewer than {SMALLEST}" if self.number is None else f"{self.number:,}"


def publishable(count: int) -> Figure:
    """A count as it may be published."""
    if 0 < count < SMALLEST:
        return Figure(number=None)
    return Figure(number=ROUNDED_TO * round(count / ROUNDED_TO))


def rate_per_thousand(part: Figure, whole: Figure) -> float | None:
    """How many of a thousand, of published figures alone; None where one of them is not told, or there are none."""
    if part.number is None or not whole.number:
        return None
    return round(1000 * part.number / whole.number, 2)
