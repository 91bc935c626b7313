"""How hard an engine looks at a frame: which looks it has at it, and when it has seen enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.recognizer.engine import Image, PlateFound

Detector = Literal["light", "thorough"]
"""PP-OCRv4's detector, or PP-OCRv6's: better, and half as fast."""

_SMALL_PX = 640
"""A frame smaller than this is enlarged for a look, others never are."""
_ENLARGED_PX = 960


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a whole frame, its longer side at most so many pixels; `closer` looks again at what is unsure."""

    detector: Detector
    longest_px: int
    closer: bool = False


@dataclass(frozen=True, slots=True)
class Mode:
    """Looks, had one after the other until every plate is sure enough."""

    name: str
    looks: tuple[Look, ...]
    sure_confidence: float
    sure_score: float
    """The line score that a sure plate has besides: confidence alone stops early, on the wrong line."""

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """The detectors that the mode needs."""
        return tuple(dict.fromkeys(look.detector for look in self.looks))

    def is_sure(self, plate: PlateFound) -> bool:
        """Whether another look could hardly add anything."""
        return plate.confidence >= self.sure_confidence and plate.score >= self.sure_score

    def looks_at(self, image: Image) -> Iterator[tuple[Look, int]]:
        """The looks at a frame, each with its scale; none that would only repeat the one before."""
        longest = max(image.shape[:2])
        before: tuple[Detector, int] | None = None
        for look in self.looks:
            scale = min(look.longest_px, _ENLARGED_PX if longest < _SMALL_PX else longest)
            if (look.detector, scale) != before:
                yield look, scale
            before = look.detector, scale


FAST = Mode("fast", (Look("light", 960, closer=True),), sure_confidence=0.95, sure_score=float("-inf"))
ACCURATE = Mode(
    "accurate",
    (Look("light", 960, closer=True), Look("light", 1280, closer=True)),
    sure_confidence=0.95,
    sure_score=1.6,
)
