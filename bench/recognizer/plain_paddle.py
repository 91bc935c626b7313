"""PaddleOCR's own pipeline, as it is published, with nothing of ours but the choice of a line: what ours is beside."""

import logging
import os
from pathlib import Path

import numpy as np

from services.recognizer.adapters.line_geometry import bounding_box, size
from services.recognizer.adapters.one_cv2 import announce_cv2
from services.recognizer.adapters.packaged_models import DETECTOR, RECOGNISER, prepare
from services.recognizer.ctc import CHARACTERS
from services.recognizer.engine import Image, PlateFound
from services.recognizer.plate_lines import Line, plate_score
from services.recognizer.syntax import LONGEST, SHORTEST, Syntax


class PlainPaddle:
    """PP-OCRv6 small, whole frames, fp32 on ONNX Runtime; of the lines found, the one spelled most like a plate."""

    def __init__(self, region: str, cache: Path) -> None:
        """Load the models; some seconds."""
        os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
        os.environ["PADDLE_PDX_CACHE_HOME"] = str(cache / "paddlex")
        detector, recogniser = prepare(DETECTOR, cache), prepare(RECOGNISER, cache)
        announce_cv2()
        from paddleocr import PaddleOCR  # takes seconds, and settles at once where its files are

        logging.getLogger("paddlex").setLevel(logging.WARNING)
        self._pipeline = PaddleOCR(
            text_detection_model_name=DETECTOR.name,
            text_detection_model_dir=str(detector),
            text_recognition_model_name=RECOGNISER.name,
            text_recognition_model_dir=str(recogniser),
            engine="onnxruntime",
            engine_config={"intra_op_num_threads": 1, "inter_op_num_threads": 1},
            device="cpu",
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
        )
        self._syntax = Syntax([region])

    def find(self, image: Image) -> list[PlateFound]:
        """The lines that have a plate's length, the one spelled most like a plate first."""
        (found,) = self._pipeline.predict(image)
        plates = []
        for printed, confidence, polygon in zip(
            found["rec_texts"], found["rec_scores"], found["rec_polys"], strict=True
        ):
            text = "".join(character for character in printed.upper() if character in CHARACTERS)
            if not SHORTEST <= len(text) <= LONGEST:
                continue
            corners = np.asarray(polygon, np.float32)
            line = Line(np.empty((0, 0)), printed, float(confidence), size(corners)[1], bounding_box(corners))
            score = plate_score(line, text, self._syntax)
            plates.append(PlateFound(text, float(confidence), (), (), line.box, score))
        return sorted(plates, key=lambda plate: -plate.score)
