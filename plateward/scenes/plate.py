"""Pressing a plate: a text in a state's pattern, and its picture, 12 by 6 inches, seen straight on."""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from plateward.scenes.designs import Colour, PlateDesign, design_of
from plateward.scenes.glyphs import glyph_mask

Image = npt.NDArray[np.uint8]
Canvas = npt.NDArray[np.float32]

WIDTH_IN, HEIGHT_IN = 12.0, 6.0
_OVERSAMPLING = 2
_CHARACTER_HEIGHT_IN = 2.75
_CHARACTER_TOP_IN = 1.68
_STROKE_IN = 0.33
_LARGEST_PITCH_IN = 1.58
_GAP_PITCHES = 0.45
_BOLT_HOLES_IN = ((2.5, 0.62), (9.5, 0.62), (2.5, 5.38), (9.5, 5.38))
_STICKERS_IN: tuple[tuple[float, Colour], ...] = ((0.55, (70, 150, 60)), (10.35, (60, 120, 220)))


def random_plate(rng: np.random.Generator, state: str) -> str:
    """A plate text in one of the state's patterns; raises ValueError for a state without a design."""
    design = design_of(state)
    pattern = design.patterns[rng.integers(len(design.patterns))]
    return "".join(
        str(rng.integers(10)) if place == "D" else design.letters[rng.integers(len(design.letters))]
        for place in pattern
    )


def draw_plate(text: str, state: str, width_px: int) -> Image:
    """The plate's picture (BGR, half as high as wide), as the state presses it.

    Raises:
        ValueError: for a state without a design, or a text that is empty or has other than A-Z and 0-9.

    """
    design = design_of(state)
    if not (text.isascii() and text.isalnum() and text.upper() == text):
        raise ValueError(f"a plate's text is capitals A-Z and digits, not {text!r}")
    return _pressed(text, design, width_px).copy()


@lru_cache(maxsize=64)
def _pressed(text: str, design: PlateDesign, width_px: int) -> Image:
    inch = width_px * _OVERSAMPLING / WIDTH_IN
    plate = _sheet(design, inch)
    _print_line(plate, design.name, design.name_colour, top=0.34, height=0.98, widest=5.9, inch=inch)
    _print_line(plate, design.slogan, design.slogan_colour, top=4.98, height=0.56, widest=5.6, inch=inch)
    _emboss(plate, _characters(text, design, plate.shape[:2], inch), design.character_colour, inch)
    _fasten(plate, inch)
    size = (width_px, max(1, round(width_px * HEIGHT_IN / WIDTH_IN)))
    return np.clip(cv2.resize(plate, size, interpolation=cv2.INTER_AREA), 0, 255).astype(np.uint8)


def _sheet(design: PlateDesign, inch: float) -> Canvas:
    """The reflective sheet: its colours from top to bottom, the band behind the name, the rolled rim."""
    width, height = round(WIDTH_IN * inch), round(HEIGHT_IN * inch)
    colours = np.array(design.background, np.float32)
    rows = np.linspace(0, len(colours) - 1, height)
    column = np.stack([np.interp(rows, np.arange(len(colours)), colours[:, channel]) for channel in range(3)], axis=1)
    plate = np.ascontiguousarray(np.broadcast_to(column[:, None, :], (height, width, 3)), np.float32)
    if design.band is not None:
        plate[: round(1.42 * inch)] = design.band
    rim = max(1, round(0.1 * inch))
    cv2.rectangle(plate, (rim, rim), (width - 1 - rim, height - 1 - rim), design.character_colour, rim)
    return plate


def _print_line(
    plate: Canvas, line: str, colour: Colour, *, top: float, height: float, widest: float, inch: float
) -> None:
    """Print a centred line of small capitals; measures are inches."""
    if not line:
        return
    pitch = min(height * 0.74, widest / len(line))
    cell = (max(2, round(pitch * 0.8 * inch)), max(3, round(height * inch)))
    left = (WIDTH_IN - pitch * len(line)) / 2 + pitch * 0.1
    ink = np.zeros(plate.shape[:2], np.float32)
    for place, character in enumerate(line):
        if character != " ":
            mask = glyph_mask(character, *cell, round(max(1.0, cell[0] * 0.22), 2))
            _stamp(ink, mask, (left + place * pitch) * inch, top * inch)
    _ink(plate, ink, colour)


def _characters(text: str, design: PlateDesign, shape: tuple[int, ...], inch: float) -> Canvas:
    """Coverage (0 to 1) of the plate's characters, spaced as the state's die spaces them."""
    gap_after = design.gap_after if len(text) in {len(pattern) for pattern in design.patterns} else None
    places = len(text) + (_GAP_PITCHES if gap_after else 0)
    pitch = min(_LARGEST_PITCH_IN, (WIDTH_IN - 0.9) / places)
    cell = (max(2, round(pitch * 0.83 * inch)), max(3, round(_CHARACTER_HEIGHT_IN * inch)))
    left = (WIDTH_IN - pitch * places) / 2 + pitch * 0.085
    coverage = np.zeros(shape[:2], np.float32)
    for place, character in enumerate(text):
        stop = place + (_GAP_PITCHES if gap_after and place >= gap_after else 0)
        mask = glyph_mask(character, *cell, round(min(_STROKE_IN, pitch * 0.23) * inch, 2))
        _stamp(coverage, mask, (left + stop * pitch) * inch, _CHARACTER_TOP_IN * inch)
    return coverage


def _emboss(plate: Canvas, coverage: Canvas, colour: Colour, inch: float) -> None:
    """Raise the characters: ink on their tops, light on the slope towards the sky, shade on the one below."""
    step = max(1, round(0.07 * inch))
    slope = cv2.GaussianBlur(coverage, (0, 0), max(0.6, 0.09 * inch))
    relief = np.roll(slope, step, axis=(0, 1)) - np.roll(slope, -step, axis=(0, 1))
    plate *= (1 - 0.22 * np.clip(relief, 0, 1))[..., None]
    _ink(plate, coverage, colour)
    plate += (26 * np.clip(-relief, 0, 1))[..., None]


def _fasten(plate: Canvas, inch: float) -> None:
    """Bolt the plate on, and stick the month and year of its registration to the upper corners."""
    for left, colour in _STICKERS_IN:
        corner = (round(left * inch), round(0.42 * inch))
        cv2.rectangle(plate, corner, (round((left + 1.1) * inch), round(1.12 * inch)), colour, cv2.FILLED)
    for x, y in _BOLT_HOLES_IN:
        centre = (round(x * inch), round(y * inch))
        cv2.circle(plate, centre, max(1, round(0.2 * inch)), (84, 84, 84), cv2.FILLED)
        cv2.circle(plate, centre, max(1, round(0.12 * inch)), (158, 160, 160), cv2.FILLED)


def _stamp(ink: Canvas, mask: npt.NDArray[np.uint8], left: float, top: float) -> None:
    x, y = round(left), round(top)
    part = ink[y : y + mask.shape[0], x : x + mask.shape[1]]
    np.maximum(part, mask[: part.shape[0], : part.shape[1]] / np.float32(255), out=part)


def _ink(plate: Canvas, coverage: Canvas, colour: Colour) -> None:
    plate += coverage[..., None] * (np.array(colour, np.float32) - plate)
