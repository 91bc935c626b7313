"""The text models on OpenVINO: where text is in a picture, and what a line of it says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import openvino
from openvino.preprocess import PrePostProcessor

from services.recognizer.adapters.line_geometry import Quadrilateral
from services.recognizer.adapters.text_boxes import text_boxes
from services.recognizer.engine import Image


class Input(NamedTuple):
    """How a model wants its colours, each from 0 to 1: their mean taken away, then over their deviation."""

    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


DETECTION = Input((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
RECOGNITION = Input((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))

_GRID_PX = 32
"""A detector halves its picture five times."""

_KERNELS_KEPT = 400
"""OpenVINO prepares kernels for each size of picture and keeps them: 1000 took 100 MB more in the mode fast and no less
time, 200 took 230 MB less and a sixth more time."""


class OpenVinoText:
    """Detectors by name, and one recogniser; the numbers' way from bytes to floats is part of the compiled models."""

    def __init__(self, detectors: Mapping[str, Path], recogniser: Path, threads: int) -> None:
        """Load the models from ONNX or OpenVINO files; `threads` is how many one picture may use."""
        core = openvino.Core()
        on_cpu = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            # Several processes would otherwise all be pinned to the first core.
            "ENABLE_CPU_PINNING": False,
            "CPU_RUNTIME_CACHE_CAPACITY": _KERNELS_KEPT,
        }
        self._detectors = {
            name: core.compile_model(
                _from_bytes(core.read_model(file), DETECTION), "CPU", on_cpu
            ).create_infer_request()
            for name, file in detectors.items()
        }
        self._recogniser = core.compile_model(
            _from_bytes(core.read_model(recogniser), RECOGNITION), "CPU", on_cpu
        ).create_infer_request()

    def locate(self, image: Image, longest_px: int, detector: str) -> list[Quadrilateral]:
        """Return the lines of text in a picture, looked at with its longer side scaled to about `longest_px`."""
        height, width = image.shape[:2]
        (probabilities,) = (
            self._detectors[detector]
            .infer([scaled(image, longest_px)[None]], share_inputs=True, share_outputs=True)
            .values()
        )
        return text_boxes(probabilities[0, 0], (width, height))

    def read(self, line: Image) -> npt.NDArray[np.float32]:
        """Return a row a time step and a column a character for a line 48 pixels high; column 0 is nothing."""
        (probabilities,) = self._recogniser.infer([line[None]], share_inputs=True, share_outputs=True).values()
        return np.array(probabilities[0], np.float32)


def scaled(image: Image, longest_px: int) -> Image:
    """The picture with its longer side at about `longest_px`, and both at multiples of what a detector can halve."""
    height, width = image.shape[:2]
    scale = longest_px / max(height, width)
    size = [max(_GRID_PX, round(side * scale / _GRID_PX) * _GRID_PX) for side in (width, height)]
    if size == [width, height]:
        return np.ascontiguousarray(image)
    return np.asarray(cv2.resize(image, size), np.uint8)


def _from_bytes(model: Any, wanted: Input) -> Any:
    """The model taking a batch of pictures as OpenCV holds them."""
    processor = PrePostProcessor(model)
    picture = processor.input()
    picture.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    picture.model().set_layout(openvino.Layout("NCHW"))
    picture.preprocess().convert_element_type(openvino.Type.f32).mean([255 * each for each in wanted.mean]).scale(
        [255 * each for each in wanted.deviation]
    )
    return processor.build()
