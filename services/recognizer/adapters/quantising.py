"""How a text model is put into eight bits, and how many plates it still reads then."""

from itertools import cycle
from pathlib import Path

import nncf
import numpy as np
import numpy.typing as npt
import openvino

from services.recognizer.adapters.calibration import CALIBRATION_SEED, CHECKING_SEED, RenderedRoad, rendered_roads
from services.recognizer.adapters.line_geometry import is_readable, straightened
from services.recognizer.adapters.openvino_text import DETECTION, RECOGNITION, Input, OpenVinoText, scaled
from services.recognizer.adapters.packaged_models import (
    LIGHT_DETECTOR,
    RECOGNISER,
    PackagedModel,
    characters_of,
)
from services.recognizer.ctc import CharacterSet, greedy
from services.recognizer.engine import Image

_ROADS, _LINES, _ROADS_TO_CHECK = 40, 124, 24
_PICTURES_PX = (960, 1280)
"""The longer sides of the pictures that detectors are calibrated on, in turn: those of the looks at a frame. At 640 a
third of the memory is enough, and two photographs in a hundred are lost."""
_LOOK_PX = 1280
_THREADS = 2


class Quantiser:
    """Quantises with NNCF on one set of rendered roads, and checks on another."""

    def __init__(self) -> None:
        """Render, and cut the lines out with the models as they come; half a minute."""
        nncf.set_log_level(40)
        roads = list(rendered_roads(_ROADS, CALIBRATION_SEED))
        self._to_check = list(rendered_roads(_ROADS_TO_CHECK, CHECKING_SEED))
        self._characters = CharacterSet(characters_of(RECOGNISER.packaged()))
        self._pictures = [
            _batch(scaled(road.image, longest_px), DETECTION)
            for road, longest_px in zip(roads, cycle(_PICTURES_PX), strict=False)
        ]
        text = _text(LIGHT_DETECTOR, LIGHT_DETECTOR.packaged(), RECOGNISER.packaged())
        lines = [line for road in roads for line in _lines(text, road.image, LIGHT_DETECTOR.name)]
        self._lines = [_batch(line, RECOGNITION) for line in lines[:_LINES]]

    @property
    def plates_to_check(self) -> int:
        """How many plates the check is about."""
        return sum(len(road.plates) for road in self._to_check)

    def quantise(self, model: PackagedModel, file: Path) -> None:
        """Write the model in eight bits to `file` (.xml, and .bin beside it)."""
        reads = model is RECOGNISER
        inputs = self._lines if reads else self._pictures
        quantised = nncf.quantize(
            openvino.Core().read_model(model.packaged()),
            nncf.Dataset(inputs),
            preset=nncf.QuantizationPreset.MIXED,
            fast_bias_correction=True,
            subset_size=len(inputs),
            model_type=nncf.ModelType.TRANSFORMER if reads else None,
        )
        openvino.save_model(quantised, file)

    def check(self, model: PackagedModel, file: Path) -> tuple[int, int]:
        """How many plates are read right with the packaged model, and with `file` in its place."""
        return self._right(model, model.packaged()), self._right(model, file)

    def _right(self, model: PackagedModel, file: Path) -> int:
        if model is RECOGNISER:
            text, detector = _text(LIGHT_DETECTOR, LIGHT_DETECTOR.packaged(), file), LIGHT_DETECTOR.name
        else:
            text, detector = _text(model, file, RECOGNISER.packaged()), model.name
        return sum(self._read_right(text, road, detector) for road in self._to_check)

    def _read_right(self, text: OpenVinoText, road: RenderedRoad, detector: str) -> int:
        read = {greedy(self._characters.plate_matrix(text.read(line))) for line in _lines(text, road.image, detector)}
        return sum(plate in read for plate, _ in road.plates)


def _text(detector: PackagedModel, detector_file: Path, recogniser_file: Path) -> OpenVinoText:
    return OpenVinoText({detector.name: detector_file}, recogniser_file, _THREADS)


def _lines(text: OpenVinoText, image: Image, detector: str) -> list[Image]:
    found = text.locate(image, _LOOK_PX, detector)
    return [straightened(image, corners) for corners in found if is_readable(corners)]


def _batch(image: Image, wanted: Input) -> npt.NDArray[np.float32]:
    """A picture as the packaged model wants it: a batch of one, colours first."""
    mean, deviation = np.array(wanted.mean, np.float32), np.array(wanted.deviation, np.float32)
    normal = (image.astype(np.float32) / 255 - mean) / deviation
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None])
