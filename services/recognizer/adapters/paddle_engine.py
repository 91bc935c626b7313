"""The engine of the mode paddle: PaddleOCR as it is published, the domain's judgement of its lines.

A frame is looked at from afar first, and at a larger scale only if no plate was found. A line that may be a plate but
was not read with certainty is looked at again from closer, which finds its ends anew and costs a tenth of a look.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from services.recognizer.adapters.line_reader import LineReader
from services.recognizer.adapters.packaged_models import DETECTOR, RECOGNISER, characters_of
from services.recognizer.adapters.paddle_text import PaddleText
from services.recognizer.ctc import CharacterSet
from services.recognizer.engine import Image, PlateFound
from services.recognizer.plate_lines import Line, is_sure, may_be_plate
from services.recognizer.plate_test import LEAST_PLATENESS
from services.recognizer.sighting import MOST_PLATES, best_apart, likely, spelled_out
from services.recognizer.syntax import REGIONS, Syntax
from services.recognizer.two_rows import with_stacked
from services.recognizer.vehicle_colour import vehicle_colour

LOOKS_PX = (960, 1280)
"""The longer side of a frame for the first look and for the second."""

_SMALL_PX = 640
"""A frame smaller than this is enlarged for its first look, others never are."""


class PaddleEngine:
    """PaddleOCR 3 with PP-OCRv6 small."""

    def __init__(
        self,
        cache: Path,
        *,
        threads: int = 1,
        regions: Collection[str] = REGIONS,
        least_plateness: float = LEAST_PLATENESS,
        looks_px: Sequence[int] = LOOKS_PX,
    ) -> None:
        """Load the models; some seconds, most of them the import of PaddleOCR.

        `cache` is a folder for model files, shared by processes if need be. With one number in `looks_px` a frame
        without a plate is looked at once.
        Raises UnexpectedModel if the installed models are not the ones expected, ValueError for an unknown region.
        """
        self._syntax = Syntax(regions)
        self._least_plateness = least_plateness
        self._looks_px = looks_px
        self._text = PaddleText(cache, threads)
        self._reader = LineReader(self._text.read, CharacterSet(characters_of(RECOGNISER.packaged())))

    @property
    def name(self) -> str:
        """The engine and its release, as it is written on every read."""
        return f"paddleocr-{version('paddleocr')}/PP-OCRv6-small"

    @property
    def models(self) -> Mapping[str, str]:
        """The models in use: name to SHA-256."""
        return {model.name: model.sha256 for model in (DETECTOR, RECOGNISER)}

    def find(self, image: Image) -> list[PlateFound]:
        """Return the plates of a frame, best first; an empty list where there is none."""
        plates: list[PlateFound] = []
        for longest_px in _looks(image, self._looks_px):
            plates = self._plates(image, longest_px)
            if any(plate.plateness >= LEAST_PLATENESS for plate in plates):
                break
        told = [plate for plate in plates if plate.plateness >= self._least_plateness]
        return [replace(plate, vehicle_colour=vehicle_colour(image, plate.box)) for plate in told]

    def _plates(self, image: Image, longest_px: int) -> list[PlateFound]:
        lines = with_stacked(self._reader.lines(image, self._text.locate, longest_px), self._syntax)
        plates = (self._plate(image, line) for line in likely(lines, self._syntax, MOST_PLATES))
        return best_apart(plates)

    def _plate(self, image: Image, line: Line) -> PlateFound:
        plate = spelled_out((line,), self._syntax)
        if is_sure(plate) or line.rows > 1:
            return plate
        closer = self._reader.closer(image, line, self._text.locate)
        return plate if closer is None or not may_be_plate(closer) else spelled_out((line, closer), self._syntax)


def _looks(image: Image, looks_px: Sequence[int]) -> Iterator[int]:
    """How long to make the longer side of a frame for each look; no look that would only repeat the one before."""
    longest = max(image.shape[:2])
    yield looks_px[0] if longest < _SMALL_PX else min(longest, looks_px[0])
    yield from (min(longest, px) for before, px in pairwise(looks_px) if longest > before)
