"""How much is taken at a time, through all doors together."""

import contextlib
from collections.abc import Iterator

from services.ingest.metrics import FRAMES_IN_FLIGHT
from services.ingest.refusals import Unavailable


class Room:
    """So many places, each held from a first byte to its answer. Rests on one event loop."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._held = 0

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Holds one of the places; raises Unavailable when all are taken."""
        if self._held >= self._places:
            raise Unavailable("frames-in-flight")
        self._held += 1
        FRAMES_IN_FLIGHT.set(self._held)
        try:
            yield
        finally:
            self._held -= 1
            FRAMES_IN_FLIGHT.set(self._held)
