"""The engine: PaddleOCR finds and reads the lines of text of a frame, the domain says which of them are plates.

A frame is looked at from afar first, and at a larger scale only if no plate was found. A line that may be a plate but
was not read with certainty is looked at again from closer, which finds its ends anew and costs a tenth of a look.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from services.recognizer.adapters.line_geometry import (
    Quadrilateral,
    bounding_box,
    is_readable,
    joined_row,
    size,
    straightened,
    surroundings,
)
from services.recognizer.adapters.packaged_models import DETECTOR, RECOGNISER, characters_of
from services.recognizer.adapters.paddle_text import PaddleText
from services.recognizer.candidates import candidates
from services.recognizer.ctc import CharacterSet
from services.recognizer.engine import Image, PlateFound
from services.recognizer.plate_lines import Line, clearest, is_sure, may_be_plate, plate_score
from services.recognizer.syntax import REGIONS, Syntax

PLATE_SCORE = 1.5
"""The score from which a line is a plate: see `plate_lines.plate_score`."""

LOOKS_PX = (960, 1280)
"""The longer side of a frame for the first look and for the second."""

_SMALL_PX = 640
"""A frame smaller than this is enlarged for its first look, others never are."""

_CLOSER_PX = 384
_CLOSER_MARGIN = 1.2
"""How much around a line the closer look takes in, in heights of the line."""

_MOST_LINES = 32
_MOST_PLATES = 4
"""Lines read, and plates told, of one frame: a frame full of print must not hold up the others."""


class PaddleEngine:
    """PaddleOCR 3 with PP-OCRv6 small."""

    def __init__(
        self,
        cache: Path,
        *,
        threads: int = 1,
        regions: Collection[str] = REGIONS,
        least_score: float = PLATE_SCORE,
        looks_px: Sequence[int] = LOOKS_PX,
    ) -> None:
        """Load the models; some seconds, most of them the import of PaddleOCR.

        `cache` is a folder for model files, shared by processes if need be. With one number in `looks_px` a frame
        without a plate is looked at once.
        Raises UnexpectedModel if the installed models are not the ones expected, ValueError for an unknown region.
        """
        self._syntax = Syntax(regions)
        self._least_score = least_score
        self._looks_px = looks_px
        self._text = PaddleText(cache, threads)
        self._characters = CharacterSet(characters_of(self._text.recogniser_folder))

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
        for longest_px in _looks(image, self._looks_px):
            plates = self._plates(image, longest_px)
            if plates:
                return plates
        return []

    def _plates(self, image: Image, longest_px: int) -> list[PlateFound]:
        possible = [line for line in self._lines(image, longest_px) if may_be_plate(line)]
        first_sight = [self._plate([line]) for line in possible]
        ranked = sorted(zip(first_sight, possible, strict=True), key=lambda each: -each[0].score)[:_MOST_PLATES]
        plates = [plate if is_sure(plate) else self._looked_at_again(image, line, plate) for plate, line in ranked]
        return sorted((plate for plate in plates if plate.score >= self._least_score), key=lambda plate: -plate.score)

    def _looked_at_again(self, image: Image, line: Line, plate: PlateFound) -> PlateFound:
        closer = self._closer(image, line)
        return plate if closer is None or not may_be_plate(closer) else self._plate([line, closer])

    def _lines(self, image: Image, longest_px: int) -> list[Line]:
        readable = [corners for corners in self._text.locate(image, longest_px) if is_readable(corners)]
        readable.sort(key=lambda corners: -size(corners)[1])
        return [self._read(image, corners) for corners in readable[:_MOST_LINES]]

    def _closer(self, image: Image, line: Line) -> Line | None:
        cut, origin = surroundings(image, line.box, _CLOSER_MARGIN * line.height)
        pieces = [corners + origin for corners in self._text.locate(cut, _CLOSER_PX)]
        corners = joined_row([piece.astype("float32") for piece in pieces], line.box)
        return self._read(image, corners) if corners is not None and is_readable(corners) else None

    def _read(self, image: Image, corners: Quadrilateral) -> Line:
        probabilities = self._text.read(straightened(image, corners))
        printed = self._characters.printed(probabilities)
        return Line(
            matrix=self._characters.plate_matrix(probabilities),
            printed=printed.text,
            confidence=printed.confidence,
            height=size(corners)[1],
            box=bounding_box(corners),
        )

    def _plate(self, looks: list[Line]) -> PlateFound:
        spellings = candidates([look.matrix for look in looks], self._syntax)
        text = spellings[0].text
        seen_best, character_confidences = clearest(looks, text)
        score = sum(plate_score(look, text, self._syntax) for look in looks) / len(looks)
        return PlateFound(
            text=text,
            confidence=spellings[0].confidence,
            character_confidences=character_confidences,
            candidates=spellings,
            box=seen_best.box,
            score=score,
        )


def _looks(image: Image, looks_px: Sequence[int]) -> Iterator[int]:
    """How long to make the longer side of a frame for each look; no look that would only repeat the one before."""
    longest = max(image.shape[:2])
    yield looks_px[0] if longest < _SMALL_PX else min(longest, looks_px[0])
    yield from (min(longest, px) for before, px in pairwise(looks_px) if longest > before)
