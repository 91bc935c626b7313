"""The real engines on drawn plates, on pictures without one, and on photographs where the data set is there."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from plateward.scenes import Placed, Vehicle, View, render_scene
from services.recognizer.adapters.engines import open_engine
from services.recognizer.engine import Engine, Image
from services.recognizer.settings import RecognizerSettings

ROOT = Path(__file__).parents[2]
DATASET = Path(os.environ.get("PLATEWARD_DATASET", ROOT.parent / "shared" / "plates"))


@pytest.fixture(scope="module", params=["fast", "accurate", "paddle"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return opened(request.param, tmp_path_factory.mktemp("models"))


def opened(mode: str, models_folder: Path, regions: str = "us,eu,br") -> Engine:
    settings = {"engine": mode, "models_folder": models_folder, "regions": regions}
    return open_engine(RecognizerSettings.model_validate(settings), print)


def street_with(text: str) -> Image:
    """A grey picture with a white plate on it, in OpenCV's own lettering."""
    image = np.full((480, 800, 3), 90, np.uint8)
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.6, 4)
    cv2.rectangle(image, (280, 240), (320 + width, 280 + height), (235, 235, 235), -1)
    cv2.putText(image, text, (300, 260 + height), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 20, 20), 4, cv2.LINE_AA)
    return image


@pytest.mark.parametrize("text", ["7ABC123", "KLM4829"])
def test_a_drawn_plate_is_found_where_it_is(engine: Engine, text: str) -> None:
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


def test_a_word_is_no_plate(engine: Engine) -> None:
    assert engine.find(street_with("PARKING")) == []


def test_a_plate_of_letters_alone_is_one(engine: Engine) -> None:
    assert [plate.text for plate in engine.find(street_with("KWIKFUN"))] == ["KWIKFUN"]


def test_a_clock_is_no_plate(engine: Engine) -> None:
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
def test_a_picture_without_a_plate_has_none(engine: Engine, image: Image) -> None:
    assert engine.find(image) == []


def test_a_plate_in_two_rows_is_one_number(engine: Engine) -> None:
    image = np.full((480, 800, 3), 90, np.uint8)
    cv2.rectangle(image, (300, 150), (500, 330), (235, 235, 235), -1)
    for text, bottom in (("KDF", 225), ("4829", 310)):
        (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 2, 5)
        cv2.putText(image, text, (400 - width // 2, bottom), cv2.FONT_HERSHEY_SIMPLEX, 2, (20, 20, 20), 5, cv2.LINE_AA)
    (plate,) = engine.find(image)
    assert plate.text == "KDF4829"
    assert plate.box[3] > 100


def test_every_plate_of_a_frame_is_told_once(engine: Engine) -> None:
    vehicles: list[Placed] = [
        (Vehicle("7KXR214", "CA", "silver"), View(distance_m=11), 0),
        (Vehicle("BLM4829", "TX", "blue", "pickup"), View(distance_m=13), 1),
    ]
    scene = render_scene(vehicles, size=(1920, 1080), seed=4)
    assert sorted(plate.text for plate in engine.find(scene.image)) == ["7KXR214", "BLM4829"]


def test_the_state_is_the_one_that_the_plate_says(tmp_path: Path) -> None:
    scene = render_scene([(Vehicle("512KDF", "OR", "white"), View(distance_m=7), 0)], size=(1920, 1080), seed=5)
    (plate,) = opened("fast", tmp_path).find(scene.image)
    assert (plate.text, plate.state) == ("512KDF", "OR")
    (elsewhere,) = opened("fast", tmp_path, "eu").find(scene.image)
    assert elsewhere.state is None


def test_the_engine_says_what_it_is(engine: Engine) -> None:
    assert engine.name.startswith(("paddleocr-3.7", "openvino-2026"))
    assert any(name.startswith("PP-OCRv6_small_rec") for name in engine.models)
    assert all(len(sha256) == 64 for sha256 in engine.models.values())


OFFLINE = """
import socket, sys
from pathlib import Path

def refuse(*_):
    raise SystemExit("The engine asked for the network")

socket.getaddrinfo = socket.socket.connect = refuse
from services.recognizer.adapters.engines import open_engine
from services.recognizer.adapters.paddle_engine import PaddleEngine
from services.recognizer.settings import RecognizerSettings
open_engine(RecognizerSettings(engine=sys.argv[1], models_folder=Path(sys.argv[2])), lambda _: None)
"""


@pytest.mark.parametrize("mode", ["fast", "accurate", "paddle"])
def test_an_engine_loads_without_a_network_or_a_home_or_a_word(mode: str, tmp_path: Path) -> None:
    """In a process of its own: most of what a library might do, it would do on its first import."""
    home = tmp_path / "home"
    home.mkdir()
    loading = subprocess.run(
        [sys.executable, "-c", OFFLINE, mode, tmp_path / "models"],
        cwd=ROOT,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (loading.returncode, loading.stdout, loading.stderr) == (0, "", "")
    assert list(home.iterdir()) == []


@pytest.mark.skipif(not (DATASET / "truth.csv").is_file(), reason=f"NO PHOTOGRAPHS at {DATASET}: accuracy not tested")
def test_photographs_are_read(engine: Engine) -> None:
    """Every 17th photograph: 12 of 203, from all three regions."""
    with (DATASET / "truth.csv").open(encoding="utf-8") as truth:
        sample = list(csv.DictReader(truth))[::17]
    right = [row["file"] for row in sample if _first_plate(engine, DATASET / row["file"]) == _folded(row["plate"])]
    assert len(sample) == 12
    assert len(right) >= 8


def _first_plate(engine: Engine, file: Path) -> str | None:
    plates = engine.find(np.asarray(cv2.imread(str(file)), np.uint8))
    return _folded(plates[0].text) if plates else None


def _folded(plate: str) -> str:
    """The truth writes no letter O for some states, and the letter for the digit for others."""
    return plate.replace("O", "0")
