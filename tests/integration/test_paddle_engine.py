"""The real engine on drawn plates, on pictures without one, and on photographs where the data set is there."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from services.recognizer.adapters.paddle_engine import PaddleEngine
from services.recognizer.engine import Image

ROOT = Path(__file__).parents[2]
DATASET = Path(os.environ.get("PLATEWARD_DATASET", ROOT.parent / "shared" / "plates"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> PaddleEngine:
    return PaddleEngine(tmp_path_factory.mktemp("models"))


def street_with(text: str) -> Image:
    """A grey picture with a white plate on it, in OpenCV's own lettering."""
    image = np.full((480, 800, 3), 90, np.uint8)
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.6, 4)
    cv2.rectangle(image, (280, 240), (320 + width, 280 + height), (235, 235, 235), -1)
    cv2.putText(image, text, (300, 260 + height), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 20, 20), 4, cv2.LINE_AA)
    return image


@pytest.mark.parametrize("text", ["7ABC123", "KLM4829"])
def test_a_drawn_plate_is_found_where_it_is(engine: PaddleEngine, text: str) -> None:
    (plate,) = engine.find(street_with(text))
    assert plate.text == text
    assert plate.confidence > 0.9
    assert plate.candidates[0].text == text
    assert sum(candidate.confidence for candidate in plate.candidates) <= 1 + 1e-9
    assert len(plate.character_confidences) == len(text)
    assert min(plate.character_confidences) > 0.5
    x, y, width, height = plate.box
    assert 270 <= x <= 320
    assert 230 <= y <= 275
    assert 2 * height < width < 400


def test_a_word_is_no_plate(engine: PaddleEngine) -> None:
    assert engine.find(street_with("PARKING")) == []


def test_a_clock_is_no_plate(engine: PaddleEngine) -> None:
    assert engine.find(street_with("12:47:09")) == []


NOISE = np.random.default_rng(7).integers(0, 255, (240, 320, 1), dtype=np.uint8)


@pytest.mark.parametrize(
    "image",
    [
        np.full((480, 800, 3), 128, np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((2, 900, 3), np.uint8),
        np.zeros((900, 2, 3), np.uint8),
        np.repeat(NOISE, 3, axis=2),
    ],
    ids=["blank", "one pixel", "a row", "a column", "noise"],
)
def test_a_picture_without_a_plate_has_none(engine: PaddleEngine, image: Image) -> None:
    assert engine.find(image) == []


def test_the_engine_says_what_it_is(engine: PaddleEngine) -> None:
    assert engine.name.startswith("paddleocr-3.7")
    assert set(engine.models) == {"PP-OCRv6_small_det", "PP-OCRv6_small_rec"}
    assert all(len(sha256) == 64 for sha256 in engine.models.values())


OFFLINE = """
import socket, sys
from pathlib import Path

def refuse(*_):
    raise SystemExit("The engine asked for the network")

socket.getaddrinfo = socket.socket.connect = refuse
from services.recognizer.adapters.paddle_engine import PaddleEngine
PaddleEngine(Path(sys.argv[1]), regions=["us"])
"""


def test_the_engine_loads_without_a_network_or_a_home_or_a_word(tmp_path: Path) -> None:
    """In a process of its own: most of what PaddleOCR might do, it would do on its first import."""
    home = tmp_path / "home"
    home.mkdir()
    loading = subprocess.run(
        [sys.executable, "-c", OFFLINE, tmp_path / "models"],
        cwd=ROOT,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (loading.returncode, loading.stdout, loading.stderr) == (0, "", "")
    assert list(home.iterdir()) == []


@pytest.mark.skipif(not (DATASET / "truth.csv").is_file(), reason=f"NO PHOTOGRAPHS at {DATASET}: accuracy not tested")
def test_photographs_are_read(engine: PaddleEngine) -> None:
    """Every 17th photograph: 12 of 203, from all three regions."""
    with (DATASET / "truth.csv").open(encoding="utf-8") as truth:
        sample = list(csv.DictReader(truth))[::17]
    right = [row["file"] for row in sample if _first_plate(engine, DATASET / row["file"]) == _folded(row["plate"])]
    assert len(sample) == 12
    assert len(right) >= 8


def _first_plate(engine: PaddleEngine, file: Path) -> str | None:
    plates = engine.find(np.asarray(cv2.imread(str(file)), np.uint8))
    return _folded(plates[0].text) if plates else None


def _folded(plate: str) -> str:
    """The truth writes no letter O for some states, and the letter for the digit for others."""
    return plate.replace("O", "0")
