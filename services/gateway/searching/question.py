"""What is asked of the reads. Pure."""

import uuid
from datetime import datetime, timedelta

import msgspec

from plateward.contracts.event import Moment
from plateward.contracts.questions import QuestionAsked, VehicleAsked
from plateward.plates.parts import PlatePattern
from plateward.policy.reasons import Missing
from services.gateway.searching.area import Area

KNOWN_AT_LEAST = 2
"""So many characters of a plate must be known: with fewer, the question is about everybody."""

CANVASSED_AT_MOST = timedelta(hours=72)
"""The longest time of a question without a plate: a canvass is around one event."""


class Question(QuestionAsked, frozen=True, kw_only=True, omit_defaults=True):
    """A question to the reads: who passed where and when. What is not said does not matter."""

    area: Area | None = None

    @property
    def pattern(self) -> PlatePattern | None:
        """The plate as a pattern."""
        return None if self.plate is None else PlatePattern(self.plate)


class Position(msgspec.Struct, frozen=True):
    """The last read of a page; the next page begins after it, whatever has come in since."""

    captured_at: Moment
    read_id: uuid.UUID


def what_is_too_broad(question: Question) -> tuple[Missing, ...]:
    """What a question must still say before it is about something (Barstow 466.4.c, Florence 807.3.c)."""
    if question.captured_until <= question.captured_from:
        return (Missing("captured_until", "must lie after captured_from"),)
    pattern = question.pattern
    if pattern is not None:
        if pattern.known < KNOWN_AT_LEAST:
            return (Missing("plate", f"at least {KNOWN_AT_LEAST} characters must be known"),)
        return ()
    placed = question.cameras or question.area
    if not placed and question.vehicle == VehicleAsked():
        return (Missing("plate", "a plate or a part of one, a place, or the vehicle must be named"),)
    if _span(question) > CANVASSED_AT_MOST:
        hours = round(CANVASSED_AT_MOST / timedelta(hours=1))
        return (Missing("captured_until", f"without a plate, at most {hours} hours can be searched"),)
    return ()


def _span(question: Question) -> timedelta:
    begin: datetime = question.captured_from
    return question.captured_until - begin
