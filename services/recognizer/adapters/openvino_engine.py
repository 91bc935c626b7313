"""The engine of the modes fast and accurate: the text models on OpenVINO, the domain's judgement of their lines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

import openvino

from services.recognizer.adapters.line_reader import LineReader, Locate
from services.recognizer.adapters.openvino_text import OpenVinoText
from services.recognizer.adapters.state_reader import StateReader
from services.recognizer.ctc import CharacterSet
from services.recognizer.engine import Image, PlateFound
from services.recognizer.modes import Mode
from services.recognizer.plate_lines import PLATE_SCORE, Line, may_be_plate
from services.recognizer.plate_test import LEAST_PLATENESS
from services.recognizer.sighting import MOST_PLATES, Sighting, best_apart, gathered, likely, spelled_out
from services.recognizer.syntax import REGIONS, Syntax
from services.recognizer.two_rows import with_stacked
from services.recognizer.vehicle_colour import vehicle_colour


class OpenVinoEngine:
    """PP-OCR on OpenVINO, in one mode."""

    def __init__(
        self,
        mode: Mode,
        text: OpenVinoText,
        characters: CharacterSet,
        models: Mapping[str, str],
        *,
        states: StateReader | None = None,
        regions: Collection[str] = REGIONS,
        least_plateness: float = LEAST_PLATENESS,
    ) -> None:
        """Look in a mode, with loaded models; raises ValueError for an unknown region.

        `states` names the state of issue of the plates told; without it no plate has one.
        `least_plateness` is the probability from which a line is told as a plate; 0 tells every line.
        """
        self._mode, self._text, self._models = mode, text, models
        self._reader = LineReader(text.read, characters)
        self._states = states
        self._syntax, self._least_plateness = Syntax(regions), least_plateness

    @property
    def name(self) -> str:
        """The engine, its release and its mode, as it is written on every read."""
        return f"openvino-{openvino.__version__.partition('-')[0]}/{self._mode.name}"

    @property
    def models(self) -> Mapping[str, str]:
        """The models in use: name to SHA-256."""
        return self._models

    def find(self, image: Image) -> list[PlateFound]:
        """Return the plates of a frame, best first; an empty list where there is none."""
        sightings: list[Sighting] = []
        plates: list[PlateFound] = []
        for look, longest_px in self._mode.looks_at(image):
            locate = partial(self._text.locate, detector=look.detector)
            sightings = gathered(sightings, self._plate_lines(image, locate, longest_px))
            plates = [spelled_out(sighting, self._syntax) for sighting in sightings]
            if look.closer:
                unsure = self._worth_another_look(plates)
                closer = [
                    (*sighting, *self._closer(image, sighting[-1], locate)) if worth else sighting
                    for sighting, worth in zip(sightings, unsure, strict=True)
                ]
                plates = [
                    spelled_out(after, self._syntax) if after is not before else plate
                    for before, after, plate in zip(sightings, closer, plates, strict=True)
                ]
                sightings = closer
            if plates and not any(self._worth_another_look(plates)):
                break
        told = [plate for plate in best_apart(plates) if plate.plateness >= self._least_plateness]
        return [self._described(image, plate) for plate in told]

    def _described(self, image: Image, plate: PlateFound) -> PlateFound:
        """The plate with its state of issue and its vehicle's colour; a line that is no plate is not worth the time."""
        if plate.plateness < LEAST_PLATENESS:
            return plate
        state = None if self._states is None else self._states.state_around(image, plate.box)
        return replace(plate, state=state, vehicle_colour=vehicle_colour(image, plate.box))

    def _worth_another_look(self, plates: Sequence[PlateFound]) -> list[bool]:
        """For each: whether it is unsure, and a plate or the likeliest thing to be one."""
        highest = max((plate.score for plate in plates), default=0.0)
        least = min(highest, PLATE_SCORE)
        return [plate.score >= least and not self._mode.is_sure(plate) for plate in plates]

    def _plate_lines(self, image: Image, locate: Locate, longest_px: int) -> list[Line]:
        lines = self._reader.lines(image, locate, longest_px)
        return likely(with_stacked(lines, self._syntax), self._syntax, MOST_PLATES)

    def _closer(self, image: Image, line: Line, locate: Locate) -> list[Line]:
        closer = self._reader.closer(image, line, locate) if line.rows == 1 else None
        return [closer] if closer is not None and may_be_plate(closer) else []
