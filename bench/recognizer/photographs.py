"""The photographs to measure on, and what they show."""

import csv
import os
from collections.abc import Iterator
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

    def without_plate(self) -> Image:
        """The picture with its plate painted over, a little beyond its edges, in its middle colour."""
        image = self.image()
        x, y, width, height = self.box
        beyond = (width // 8, height // 8)
        plate = image[max(0, y - beyond[1]) : y + height + beyond[1], max(0, x - beyond[0]) : x + width + beyond[0]]
        plate[:] = np.median(plate.reshape(-1, 3), axis=0)
        return image


def photographs() -> list[Photograph]:
    """All of `truth.csv`; raises FileNotFoundError where there is none."""
    return [
        Photograph(row["file"], (int(row["x"]), int(row["y"]), int(row["w"]), int(row["h"])), row["plate"])
        for row in _rows("truth.csv")
    ]


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
