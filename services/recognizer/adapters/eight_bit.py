"""Eight-bit models, made on this machine from the packaged ones, checked, and kept.

A model in eight bits is a quarter as large and, on a CPU made for it, up to twice as fast. Its ranges are chosen on
rendered roads; on other rendered roads it must then read as many plates as the model it was made from, or that one
stays in use. Making one takes most of a minute, so `plateward models` does it once, when the software is installed.
"""

import hashlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec

from services.recognizer.adapters.packaged_models import DETECTOR, LIGHT_DETECTOR, RECOGNISER, PackagedModel

QUANTISED = (LIGHT_DETECTOR, RECOGNISER, DETECTOR)

FOLDER = Path(sys.prefix) / "share" / "plateward" / "models"
"""Beside the installed packages: made when the software is installed, and read-only where that is."""

RECIPE = "2: 40 roads at 960 and 1280 px, 124 lines, mixed, fast bias correction, transformer; 24 roads to check"
"""Part of a model's key, to be numbered anew with every change of what is calibrated on, how, or checked."""

Tell = Callable[[str], None]
"""Takes a line about what is being done."""

_MODEL, _ACCOUNT = "model.xml", "account.json"


class Account(msgspec.Struct, frozen=True):
    """What the check of a model found: plates read right, of how many, by the original and by the eight-bit model."""

    plates: int
    original: int
    eight_bit: int
    sha256: str
    """Of the eight-bit weights."""

    @property
    def holds(self) -> bool:
        """Whether the eight-bit model is no worse."""
        return self.eight_bit >= self.original


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model to load: its file, its name as written on reads, and the SHA-256 of its weights."""

    file: Path
    name: str
    sha256: str


def best_file(model: PackagedModel, tell: Tell, folder: Path = FOLDER) -> ModelFile:
    """The eight-bit model if it was made and holds, else the packaged one, and `tell` why.

    Raises UnexpectedModel if the packaged model is missing or is another.
    """
    kept = folder / _key(model)
    try:
        account = msgspec.json.decode((kept / _ACCOUNT).read_bytes(), type=Account)
    except FileNotFoundError:
        tell(f"{model.name}: in 32 bits, since `plateward models` has not made it smaller")
    else:
        if not account.holds:
            tell(f"{model.name}: in 32 bits, since in eight it read {account.eight_bit} plates, not {account.original}")
        elif _sha256((kept / _MODEL).with_suffix(".bin")) != account.sha256:
            tell(f"{model.name}: in 32 bits, since the eight-bit file is not the one that was checked")
        else:
            return ModelFile(kept / _MODEL, f"{model.name}-int8", account.sha256)
    return ModelFile(model.packaged(), model.name, model.sha256)


def make_eight_bit(tell: Tell, folder: Path = FOLDER) -> None:
    """Make and check the models that are not there yet; some minutes.

    Raises UnexpectedModel if a packaged model is missing or is another.
    """
    missing = [model for model in QUANTISED if not (folder / _key(model) / _ACCOUNT).is_file()]
    if not missing:
        return
    from services.recognizer.adapters.quantising import Quantiser  # NNCF takes seconds to import, and is rarely needed

    folder.mkdir(parents=True, exist_ok=True)
    tell("Rendering the roads to calibrate on …")
    quantiser = Quantiser()
    for number, model in enumerate(missing, start=1):
        tell(f"Making {model.name} smaller ({number} of {len(missing)}) …")
        with tempfile.TemporaryDirectory(dir=folder, prefix=f".{model.name}-") as unfinished:
            made = Path(unfinished) / "model"
            made.mkdir()
            quantiser.quantise(model, made / _MODEL)
            right, eight_bit = quantiser.check(model, made / _MODEL)
            weights = _sha256((made / _MODEL).with_suffix(".bin"))
            account = Account(quantiser.plates_to_check, right, eight_bit, weights)
            (made / _ACCOUNT).write_bytes(msgspec.json.encode(account))
            kept = folder / _key(model)
            if not kept.exists():  # another process may have been first
                made.rename(kept)
        verdict = "in use" if account.holds else "not used"
        tell(f"{model.name}: {eight_bit} of {account.plates} plates, {right} in 32 bits: {verdict}")


def _key(model: PackagedModel) -> str:
    made_of = (model.sha256, RECIPE, version("nncf"), version("openvino"))
    return f"{model.name}-int8-{hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]}"


def _sha256(file: Path) -> str:
    with file.open("rb") as weights:
        return hashlib.file_digest(weights, "sha256").hexdigest()
