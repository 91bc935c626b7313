"""PaddleOCR's two modules: where text is in a picture, and what a line of it says.

Text detection runs as it comes. Text recognition is asked for its probabilities instead of its text, since the
second-best spelling matters as much as the best.
"""

import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.recognizer.adapters.line_geometry import Quadrilateral
from services.recognizer.adapters.one_cv2 import announce_cv2
from services.recognizer.adapters.packaged_models import DETECTOR, RECOGNISER, prepare
from services.recognizer.engine import Image


class PaddleText:
    """PP-OCRv6 small through PaddleOCR on ONNX Runtime, on the CPU, without a network."""

    def __init__(self, cache: Path, threads: int) -> None:
        """Load the models; `threads` is how many a single operator may use.

        Raises UnexpectedModel if the installed models are not the ones expected.
        """
        detector, self.recogniser_folder = prepare(DETECTOR, cache), prepare(RECOGNISER, cache)
        detection, recognition = _import_paddle(cache)
        on_cpu = {
            "engine": "onnxruntime",
            "engine_config": {"intra_op_num_threads": threads, "inter_op_num_threads": 1},
            "device": "cpu",
        }
        self._detection = detection(model_name=DETECTOR.name, model_dir=str(detector), **on_cpu)
        recogniser = recognition(model_name=RECOGNISER.name, model_dir=str(self.recogniser_folder), **on_cpu)
        self._recognise = recogniser.paddlex_predictor.runner

    def locate(self, image: Image, longest_px: int) -> list[Quadrilateral]:
        """Return the lines of text in a picture, looked at with its longer side scaled to `longest_px`."""
        (found,) = self._detection.predict(image, limit_side_len=longest_px, limit_type="resize_long")
        return list(np.asarray(found["dt_polys"], np.float32).reshape(-1, 4, 2))

    def read(self, line: Image) -> npt.NDArray[np.float32]:
        """Return a row a time step and a column a character for a line 48 pixels high; column 0 is nothing."""
        batch = (line.astype(np.float32) / 255 - 0.5) / 0.5
        (probabilities,) = self._recognise(x=[batch.transpose(2, 0, 1)[None]])
        return np.asarray(probabilities[0], np.float32)


def _import_paddle(cache: Path) -> tuple[Any, Any]:
    """Return PaddleOCR's classes for detection and recognition.

    Imported here and not above: at the moment of its import PaddleX settles where it keeps its files, whether it
    looks for model hosts on the network, and whether it sees a cv2.
    """
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    os.environ["PADDLE_PDX_CACHE_HOME"] = str(cache / "paddlex")
    announce_cv2()
    from paddleocr import TextDetection, TextRecognition

    logging.getLogger("paddlex").setLevel(logging.WARNING)
    return TextDetection, TextRecognition
