"""Plates in frames of one camera, for tests of voting and tracking."""

import uuid
from datetime import UTC, datetime, timedelta

import msgspec

from plateward.contracts.examples import EXAMPLES
from plateward.contracts.frames import Frame
from services.recognizer.engine import Box, Candidate, PlateFound
from services.recognizer.passes import Shot
from services.recognizer.tracks import Sighting

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
BOX: Box = (600, 400, 120, 40)
_FRAME = next(example for example in EXAMPLES if isinstance(example, Frame))


def a_plate(text: str, confidence: float = 0.99, box: Box = BOX, second: Candidate | None = None) -> PlateFound:
    """A plate read so; `second` is another candidate."""
    candidates = (Candidate(text, confidence), *([second] if second else []))
    return PlateFound(text, confidence, (confidence,) * len(text), candidates, box, 1.8)


def a_shot(seconds: float, position: int = 0, jpeg: bytes = b"jpeg") -> Shot:
    """A frame taken so long after the start; the same time is the same frame."""
    at = START + timedelta(seconds=seconds)
    frame = msgspec.structs.replace(
        _FRAME, id=uuid.uuid5(uuid.NAMESPACE_OID, str(float(seconds))), captured_at=at, received_at=at
    )
    return Shot(frame, jpeg, position)


def a_sighting(seconds: float, box: Box = BOX, text: str = "7KXR214") -> Sighting:
    return Sighting(START + timedelta(seconds=seconds), a_plate(text, box=box))
