"""What the service asks of whatever finds and reads plates, and what it gets back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Image: TypeAlias = npt.NDArray[np.uint8]
"""A picture as OpenCV holds it: height x width x 3, blue, green, red, 0 to 255."""

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, width and height in pixels of the frame."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One spelling of a plate. `confidence` is a probability; a plate's candidates sum to at most 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class VehicleColour:
    """The colour of a vehicle in a plain word, and the share of its paint that has it."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class PlateFound:
    """One plate in a frame.

    `candidates` are at most five, best first, and begin with `text` itself. `character_confidences` say how
    clearly each character of `text` was seen, whatever the syntax made probable. `score` says how much the line is
    spelled like a plate (`plate_lines.plate_score`), `plateness` how probably it is one, its ground taken into account
    (`plate_test.plateness`): a confident read of a shop sign has low ones. `state` is the state of issue, where the
    plate itself says it legibly; None is unknown. `vehicle_colour` is that of the vehicle that carries it.
    """

    text: str
    confidence: float
    character_confidences: tuple[float, ...]
    candidates: tuple[Candidate, ...]
    box: Box
    score: float
    plateness: float = 1.0
    state: str | None = None
    vehicle_colour: VehicleColour | None = None


class Engine(Protocol):
    """Finds and reads the plates of a frame. One instance serves one thread at a time."""

    @property
    def name(self) -> str:
        """The engine and its release, as it is written on every read."""
        ...

    @property
    def models(self) -> Mapping[str, str]:
        """The models in use: name to SHA-256, so that a read can be traced to the weights that made it."""
        ...

    def find(self, image: Image) -> list[PlateFound]:
        """Return the plates of a frame, best first; an empty list where there is none."""
        ...
