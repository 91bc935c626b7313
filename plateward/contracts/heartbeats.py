"""That a process lives: the broker writes down when it came, so that the process can tell how its clock goes."""

from typing import ClassVar

from plateward.contracts.event import Event, Moment


class Heartbeat(Event, frozen=True):
    """One beat of a process, on `heartbeats`."""

    TYPE: ClassVar[str] = "plateward.heartbeat.v1"

    process: str
    at: Moment
    """By the clock of the process."""
