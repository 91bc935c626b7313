"""The text models that installed packages carry, where they lie, and laid out as PaddleOCR wants them.

The project carries no weights: they come with the wheels rapidocr (PP-OCRv6) and rapidocr-onnxruntime (PP-OCRv4), and
are known by their hashes. PaddleOCR's are copied into folders of a cache that hold `inference.onnx` and
`inference.yml`.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import onnxruntime
import yaml

_WEIGHTS, _DESCRIPTION = "inference.onnx", "inference.yml"


class UnexpectedModel(Exception):
    """A model is missing, or its bytes are not the ones the project was measured with."""


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model by PaddleOCR's name for it, the wheel's file, its SHA-256, and how pictures become its input."""

    name: str
    file: str
    sha256: str
    description: Mapping[str, Any]
    package: str = "rapidocr"
    """Whose wheel carries it."""

    def packaged(self) -> Path:
        """Where the installed package has it; raises UnexpectedModel if it is missing, or is another."""
        # Found, not imported: these packages have engines of their own that are not wanted here.
        spec = find_spec(self.package)
        if spec is None or spec.origin is None:
            raise UnexpectedModel(f"The package {self.package}, which carries {self.name}, is not installed")
        file = Path(spec.origin).parent / "models" / self.file
        _check(file, self)
        return file


DETECTOR = PackagedModel(
    name="PP-OCRv6_small_det",
    file="PP-OCRv6_det_small.onnx",
    sha256="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    description={
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": {"resize_long": 1280}},
                {
                    "NormalizeImage": {
                        "mean": [0.485, 0.456, 0.406],
                        "std": [0.229, 0.224, 0.225],
                        "scale": 1 / 255,
                        "order": "hwc",
                    }
                },
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {"name": "DBPostProcess", "thresh": 0.3, "box_thresh": 0.5, "unclip_ratio": 1.6},
    },
)

RECOGNISER = PackagedModel(
    name="PP-OCRv6_small_rec",
    file="PP-OCRv6_rec_small.onnx",
    sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    description={
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode"},
    },
)

LIGHT_DETECTOR = PackagedModel(
    name="PP-OCRv4_mobile_det",
    file="ch_PP-OCRv4_det_infer.onnx",
    sha256="d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
    description=DETECTOR.description,
    package="rapidocr_onnxruntime",
)


def prepare(model: PackagedModel, cache: Path) -> Path:
    """Return the folder of a model under `cache`, made now if it is not there yet.

    The folder is named by the model's hash and moved into place whole, so that processes may share a cache.
    Raises UnexpectedModel if the wheel's or the cache's file is missing or is another.
    """
    folder = cache / f"{model.name}-{model.sha256[:16]}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=f".{model.name}-") as unfinished:
            _lay_out(model, Path(unfinished) / "model")
            try:
                (Path(unfinished) / "model").rename(folder)
            except OSError:  # another process was first
                if not folder.exists():
                    raise
    _check(folder / _WEIGHTS, model)
    return folder


def characters_of(recogniser: Path) -> list[str]:
    """The characters of a recogniser, in the order of its output's columns from 1; the last is a space."""
    metadata = onnxruntime.InferenceSession(recogniser).get_modelmeta().custom_metadata_map
    return [*metadata["character"].split("\n"), " "]


def _lay_out(model: PackagedModel, folder: Path) -> None:
    source = model.packaged()
    folder.mkdir()
    shutil.copyfile(source, folder / _WEIGHTS)
    description: dict[str, Any] = {"Global": {"model_name": model.name}, **model.description}
    if model is RECOGNISER:
        characters = characters_of(source)[:-1]
        description["PostProcess"] = {**model.description["PostProcess"], "character_dict": characters}
    (folder / _DESCRIPTION).write_text(yaml.safe_dump(description, allow_unicode=True), encoding="utf-8")


def _check(file: Path, model: PackagedModel) -> None:
    if not file.is_file():
        raise UnexpectedModel(f"{model.name}: {file.name} is missing")
    with file.open("rb") as weights:
        found = hashlib.file_digest(weights, "sha256").hexdigest()
    if found != model.sha256:
        raise UnexpectedModel(f"{model.name}: SHA-256 {found}, expected {model.sha256}")
