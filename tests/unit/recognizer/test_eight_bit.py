"""An eight-bit model serves only if it was made, is whole, and read no worse."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from services.recognizer.adapters import eight_bit
from services.recognizer.adapters.eight_bit import Account, best_file
from services.recognizer.adapters.packaged_models import LIGHT_DETECTOR

WEIGHTS = b"weights"


def kept(folder: Path, original: int, made: int, sha256: str = hashlib.sha256(WEIGHTS).hexdigest()) -> None:
    """A folder as `plateward models` leaves it."""
    model = folder / eight_bit._key(LIGHT_DETECTOR)
    model.mkdir()
    (model / "model.bin").write_bytes(WEIGHTS)
    (model / "account.json").write_bytes(msgspec.json.encode(Account(48, original, made, sha256)))


def test_one_that_reads_as_many_plates_serves(tmp_path: Path) -> None:
    kept(tmp_path, 29, 29)
    told: list[str] = []
    found = best_file(LIGHT_DETECTOR, told.append, tmp_path)
    assert (found.name, found.sha256) == ("PP-OCRv4_mobile_det-int8", hashlib.sha256(WEIGHTS).hexdigest())
    assert told == []


@pytest.mark.parametrize(("made", "sha256"), [(28, hashlib.sha256(WEIGHTS).hexdigest()), (30, "0" * 64)])
def test_one_that_reads_fewer_or_was_changed_does_not(made: int, sha256: str, tmp_path: Path) -> None:
    kept(tmp_path, 29, made, sha256)
    told: list[str] = []
    found = best_file(LIGHT_DETECTOR, told.append, tmp_path)
    assert (found.file, found.name) == (LIGHT_DETECTOR.packaged(), "PP-OCRv4_mobile_det")
    assert len(told) == 1


def test_without_one_the_packaged_model_serves_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    assert best_file(LIGHT_DETECTOR, told.append, tmp_path).sha256 == LIGHT_DETECTOR.sha256
    assert "plateward models" in told[0]
