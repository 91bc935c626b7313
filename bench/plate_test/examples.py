"""Lines of print in rendered roads, as the recogniser sees them, and which of them are plates."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plateward.scenes.lettering import add_lettering
from plateward.scenes.scene import Box
from services.recognizer.adapters.calibration import rendered_roads
from services.recognizer.adapters.engines import open_line_reader
from services.recognizer.ctc import greedy
from services.recognizer.likeness import likeness
from services.recognizer.plate_lines import Line, may_be_plate
from services.recognizer.plate_test import GROUPS, group_of, measures

_READ, _MISREAD = 0.6, 0.3
"""How like its plate's number a line on a plate is that counts as the number, and below which it is other print."""
_INSIDE, _APART = 0.5, 0.05
"""Which share of a line lies on a plate that is on it, and at the most if it has nothing to do with it."""

_LONGEST_PX = 960


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """A row of measures for each line; whether it is a plate (1 or 0), its group's and its road's number."""

    measures: npt.NDArray[np.float64]
    is_plate: npt.NDArray[np.float64]
    groups: npt.NDArray[np.int64]
    roads: npt.NDArray[np.int64]

    def part(self, wanted: npt.NDArray[np.bool_]) -> "Examples":
        """Some of them."""
        return Examples(self.measures[wanted], self.is_plate[wanted], self.groups[wanted], self.roads[wanted])


def examples(roads: int, seed: int) -> Examples:
    """Render so many roads with print on them, and read it; the same for a seed."""
    rows: list[tuple[tuple[float, ...], float, int, int]] = []
    for number, (lines, plates) in enumerate(_read_roads(roads, seed)):
        for line in lines:
            text = greedy(line.matrix)
            number_on_it = _number(line, text, plates)
            if number_on_it is not None:
                rows.append((measures(line), float(bool(number_on_it)), GROUPS.index(group_of(text)), number))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Examples(*columns)


def _read_roads(roads: int, seed: int) -> Iterator[tuple[list[Line], list[tuple[str, Box]]]]:
    reader, locate = open_line_reader("light", 1, print)
    rng = np.random.default_rng(seed)
    for road in rendered_roads(roads, seed):
        image = road.image.copy()
        plates = [(text, Box(*box)) for text, box in road.plates]
        added = add_lettering(image, [box for _, box in plates], rng)
        plates += [(each.plate, each.box) for each in added if each.plate]
        lines = reader.lines(image, locate, _LONGEST_PX)
        yield [line for line in lines if may_be_plate(line)], plates


def _number(line: Line, text: str, plates: list[tuple[str, Box]]) -> str | None:
    """The number of the plate that the line reads; empty if it is other print, None if it is hard to say."""
    for plate, box in plates:
        share = _share_inside(line.box, box)
        if share > _INSIDE:
            alike = likeness(plate, text)
            return plate if alike >= _READ else "" if alike <= _MISREAD else None
        if share > _APART:
            return None
    return ""


def _share_inside(line: tuple[int, int, int, int], box: Box) -> float:
    x, y, width, height = line
    across = min(x + width, box.x + box.width) - max(x, box.x)
    down = min(y + height, box.y + box.height) - max(y, box.y)
    return max(0, across) * max(0, down) / max(1, width * height)
