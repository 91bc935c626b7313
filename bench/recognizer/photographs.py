"""The photographs to measure on, and what they show."""

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from services.recognizer.engine import Box, Image

DATASET = Path(os.environ.get("PLATEWARD_DATASET", Path(__file__).parents[3] / "shared" / "plates"))
REGIONS = ("us", "eu", "br")


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph: its file below the data set, whose plate it shows, where, and what is written on it."""

    file: str
    box: Box
    plate: str

    @property
    def region(self) -> str:
        """The region known to the engine: the photograph's folder."""
        return self.file.split("/")[0]

    def image(self) -> Image:
        """The picture."""
        return read_image(DATASET / self.file)

    def shows(self, line: Box, share: float) -> bool:
        """Whether a line lies on the plate, or the plate on the line, with at least this share."""
        return _common(line, self.box) >= share

    def without_plate(self) -> Image:
        """The picture with its plate painted over, a little beyond its edges, in its middle colour."""
        image = self.image()
        x, y, width, height = self.box
        beyond = (width // 8, height // 8)
        plate = image[max(0, y - beyond[1]) : y + height + beyond[1], max(0, x - beyond[0]) : x + width + beyond[0]]
        plate[:] = np.median(plate.reshape(-1, 3), axis=0)
        return image


SECOND_PLATES: Mapping[str, Box] = {
    "us/wts-lg-000010.jpg": (735, 80, 110, 55),
    "us/wts-lg-000186.jpg": (455, 40, 95, 60),
    "eu/test_030.jpg": (105, 40, 75, 35),
    "eu/test_051.jpg": (0, 130, 60, 40),
    "eu/test_055.jpg": (90, 5, 75, 35),
    "eu/test_096.jpg": (465, 55, 90, 40),
    "br/PJJ1406.jpg": (1080, 335, 70, 40),
}
"""Where a photograph shows another vehicle's plate besides, looked up by eye: painting over the first leaves it."""


def photographs() -> list[Photograph]:
    """All of `truth.csv`; raises FileNotFoundError where there is none."""
    return [
        Photograph(row["file"], (int(row["x"]), int(row["y"]), int(row["w"]), int(row["h"])), row["plate"])
        for row in _rows("truth.csv")
    ]


def is_second_plate(file: str, line: Box) -> bool:
    """Whether a line lies on the other plate that a photograph shows."""
    return file in SECOND_PLATES and _common(line, SECOND_PLATES[file]) >= 0.5


def _common(one: Box, other: Box) -> float:
    """What two boxes have in common, as a share of the smaller."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0, across) * max(0, down) / max(1, min(one[2] * one[3], other[2] * other[3]))


def peer_reads() -> dict[str, str]:
    """What OpenALPR read on the same files, where the data set says so."""
    return {row["file"]: row["pred"] for row in _rows("peer_openalpr.csv")} if _has("peer_openalpr.csv") else {}


def state_photographs() -> Iterator[tuple[Image, str]]:
    """Close photographs of plates, and each plate's state of issue; none where the data set has none."""
    for row in _rows("us_states.csv") if _has("us_states.csv") else []:
        yield read_image(DATASET / "us_states" / row["file"]), row["state"]


def read_image(file: Path) -> Image:
    """The picture of a file; raises FileNotFoundError."""
    image = cv2.imread(str(file))
    if image is None:
        raise FileNotFoundError(file)
    return np.asarray(image, np.uint8)


def _has(name: str) -> bool:
    return (DATASET / name).is_file()


def _rows(name: str) -> list[dict[str, str]]:
    with (DATASET / name).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
