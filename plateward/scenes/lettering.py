"""Print that stands in road scenes and is no plate, and plates of other countries than the scenes' vehicles have.

Badges, fleet numbers and telephone numbers on vehicles, road signs, captions burnt into the picture; drawn flat onto a
rendered scene, so that a reader can be taught what is a plate and what is not.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from plateward.scenes.brush import Image
from plateward.scenes.scene import Box

Colour = tuple[int, int, int]

_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX)
_SIGNS: tuple[tuple[Colour, Colour], ...] = (
    ((70, 100, 20), (240, 240, 240)),
    ((140, 70, 20), (240, 240, 240)),
    ((235, 235, 235), (25, 25, 25)),
    ((40, 200, 240), (25, 25, 25)),
    ((90, 90, 90), (235, 235, 235)),
)
"""Of road and shop signs: ground and print."""
_PLATES: tuple[tuple[Colour, Colour], ...] = (
    ((235, 235, 235), (30, 30, 30)),
    ((225, 230, 232), (90, 40, 30)),
    ((190, 190, 188), (35, 35, 35)),
    ((60, 190, 235), (25, 25, 25)),
    ((230, 215, 190), (80, 40, 20)),
    ((200, 225, 215), (40, 90, 30)),
    ((40, 40, 160), (230, 230, 230)),
    ((30, 30, 30), (225, 225, 225)),
)
_WORDS = (
    "EXIT",
    "NORTH",
    "MILE",
    "TAXI",
    "SPORT",
    "TURBO",
    "TOURS",
    "POLICE",
    "AVE",
    "STOP",
    "LIMITED",
    "HYBRID",
    "QUATTRO",
    "DIESEL",
    "RENTAL",
    "SERVICE",
)
_ISSUED = ("LLLDDDD", "LLLDDD", "DDDLLL", "LLDDLLL", "LLDDDLL", "DLLLDDD", "LLDDDDD", "LLDDDL", "LLLDLDD", "DLDDDDD")
_PERSONAL = ("LLLLL", "LLLLLL", "LLLLLLL", "LLLDD", "DDLLLL", "LLLLLLD")
_FIGURES = ("DDDDD", "DDDDDD", "DDDDDDD")


@dataclass(frozen=True, slots=True)
class Lettering:
    """Something printed in a scene; `plate` is its number where it is one, else empty."""

    plate: str
    box: Box


def add_lettering(image: Image, taken: list[Box], rng: np.random.Generator) -> list[Lettering]:
    """Draw a sign, labels, badges and numbers, and one or two plates where nothing is; tells what it drew."""
    added: list[Lettering] = []
    for sheet, plate in [
        (_sign(rng), ""),
        *((_label(rng), "") for _ in range(int(rng.integers(1, 4)))),
        *((_bare(rng), "") for _ in range(int(rng.integers(2, 6)))),
        *(_plate(rng) for _ in range(int(rng.integers(1, 3)))),
    ]:
        box = _free_place(image.shape, sheet.shape, [*taken, *(each.box for each in added)], rng)
        if box is not None:
            _lay(image, sheet, box, rng)
            added.append(Lettering(plate, box))
    return added


def _text(pattern: str, rng: np.random.Generator) -> str:
    choices = {"L": "ABCDEFGHJKLMNPRSTUVWXYZ", "D": "0123456789"}
    return "".join(
        choices[part][int(rng.integers(len(choices[part])))] if part in choices else part for part in pattern
    )


def _some_text(rng: np.random.Generator) -> str:
    """What stands on vehicles and pictures: names and sizes of engines, telephone and fleet numbers, times."""
    patterns = ("LLDDD", "LDD", "D.D LLL", "LLDD", "DDDi", "DxD", "DDD-DDDD", "(DDD) DDD-DDDD", "1-DDD-DDD-DDDD")
    captions = ("20DD-DD-DD", "DD:DD:DD", "DD/DD/20DD", "CAM DD", "LL DDD", "DDD MPH")
    fleet = ("DDDDD", "DDDDDD", "DDDD", "DDDL")
    every = (*patterns, *captions, *fleet, "WORD", "WORD", "WORD D", "WORD DD", "DD WORD", "WORD DDL", "1/D WORD")
    pattern = every[int(rng.integers(len(every)))]
    words = _WORDS[int(rng.integers(len(_WORDS)))]
    text = " ".join(words if part == "WORD" else _text(part, rng) for part in pattern.split(" "))
    return text.capitalize() if rng.random() < 0.2 else text


def _printed(text: str, height_px: int, ground: Image, colour: Colour, rng: np.random.Generator) -> None:
    """Write into the middle of a sheet."""
    font, thick = _FONTS[int(rng.integers(len(_FONTS)))], max(1, round(height_px * float(rng.uniform(0.07, 0.17))))
    scale = cv2.getFontScaleFromHeight(font, height_px, thick)
    (width, height), _ = cv2.getTextSize(text, font, scale, thick)
    at = ((ground.shape[1] - width) // 2, (ground.shape[0] + height) // 2)
    cv2.putText(ground, text, at, font, scale, colour, thick, cv2.LINE_AA)


def _width_of(text: str, height_px: int) -> int:
    font = cv2.FONT_HERSHEY_TRIPLEX
    return int(cv2.getTextSize(text, font, cv2.getFontScaleFromHeight(font, height_px, 2), 2)[0][0])


def _sheet(size: tuple[int, int], colour: Colour) -> Image:
    return np.full((size[1], size[0], 3), colour, np.uint8)


def _sign(rng: np.random.Generator) -> Image:
    height = int(rng.integers(14, 40))
    ground, colour = _SIGNS[int(rng.integers(len(_SIGNS)))]
    lines = [_some_text(rng) for _ in range(int(rng.integers(1, 5)))]
    width = max(_width_of(line, height) for line in lines) + 3 * height
    rows = [_sheet((width, round(1.7 * height)), ground) for _ in lines]
    for row, line in zip(rows, lines, strict=True):
        _printed(line, height, row, colour, rng)
    sign = np.vstack([_sheet((width, height // 2), ground), *rows, _sheet((width, height // 2), ground)])
    cv2.rectangle(sign, (3, 3), (sign.shape[1] - 4, sign.shape[0] - 4), colour, max(1, height // 10))
    return np.asarray(sign, np.uint8)


def _label(rng: np.random.Generator) -> Image:
    """One line on a sheet: a shop's sign, a sticker, a vehicle's panel with its number; seldom as tight as a plate."""
    height = int(rng.integers(10, 40))
    text = _some_text(rng)
    ground, colour = _SIGNS[int(rng.integers(len(_SIGNS)))] if rng.random() < 0.5 else _any_colours(rng)
    above, below, left, right = (int(each) for each in height * rng.exponential(0.9, 4))
    sheet = _sheet((_width_of(text, height) + left + right + height // 4, height + above + below + height // 4), ground)
    middle = sheet[above : above + height + height // 4, left : sheet.shape[1] - right]
    _printed(text, height, middle, colour, rng)
    return sheet


def _any_colours(rng: np.random.Generator) -> tuple[Colour, Colour]:
    """Paint, and print that stands out on it by however little."""
    ground = rng.integers(20, 240, 3)
    apart = int(rng.integers(25, 180)) * (1 if ground.mean() < 128 else -1)
    print_ = np.clip(ground + apart, 1, 255)
    return (int(ground[0]), int(ground[1]), int(ground[2])), (int(print_[0]), int(print_[1]), int(print_[2]))


def _bare(rng: np.random.Generator) -> Image:
    """Print without a sheet: what is black here is left as it is by `_lay`."""
    height = int(rng.integers(10, 40))
    text = _some_text(rng)
    sheet = _sheet((_width_of(text, height) + height, 2 * height), (0, 0, 0))
    level = int(rng.integers(150, 256)) if rng.random() < 0.8 else int(rng.integers(10, 60))
    _printed(text, height, sheet, (level, level, level), rng)
    return sheet


def _plate(rng: np.random.Generator) -> tuple[Image, str]:
    height = int(rng.integers(11, 44))
    patterns = (_ISSUED, _PERSONAL, _FIGURES)[int(rng.integers(3))]
    text = _text(patterns[int(rng.integers(len(patterns)))], rng)
    gap = int(rng.integers(2, len(text) - 1))
    spaced = text[:gap] + ("", " ", "-")[int(rng.integers(3))] + text[gap:]
    ground, colour = _PLATES[min(len(_PLATES) - 1, int(rng.exponential(2.0)))]
    margin = (height * rng.uniform(0.15, 0.9, 4)).astype(int)
    width = _width_of(spaced, height)
    sheet = _sheet((width + height, height + max(4, height // 3)), ground)
    _printed(spaced, height, sheet, colour, rng)
    above, below, left, right = (int(each) for each in margin)
    whole = cv2.copyMakeBorder(sheet, above, below, left, right, cv2.BORDER_CONSTANT, value=ground)
    frame = int(rng.integers(20, 200))
    rim = max(1, int(height * rng.uniform(0.03, 0.2)))
    framed = cv2.copyMakeBorder(whole, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(frame,) * 3)
    return np.asarray(framed, np.uint8), text


def _free_place(
    shape: tuple[int, ...], sheet: tuple[int, ...], taken: list[Box], rng: np.random.Generator
) -> Box | None:
    """A place of the size of a sheet that overlaps nothing that is taken; None where none was found in some tries."""
    height, width = sheet[:2]
    for _ in range(12):
        if shape[1] <= width + 8 or shape[0] <= height + 8:
            return None
        x, y = int(rng.integers(4, shape[1] - width - 4)), int(rng.integers(4, shape[0] - height - 4))
        if not any(x < b.x + b.width and b.x < x + width and y < b.y + b.height and b.y < y + height for b in taken):
            return Box(x, y, width, height)
    return None


def _lay(image: Image, sheet: Image, box: Box, rng: np.random.Generator) -> None:
    """Lay a sheet onto the picture, a little slanted, as soft and as lit as a picture has it; pure black is clear."""
    height, width = sheet.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = corners + rng.uniform(-0.05, 0.05, (4, 2)).astype(np.float32) * height
    projection = cv2.getPerspectiveTransform(corners, moved)
    clear = (sheet.max(axis=2) > 0).astype(np.float32)
    cover = cv2.warpPerspective(clear, projection, (width, height), flags=cv2.INTER_LINEAR)
    laid = cv2.warpPerspective(sheet, projection, (width, height), borderMode=cv2.BORDER_REPLICATE)
    blur = float(rng.uniform(0.3, 1.4))
    cover, laid = cv2.GaussianBlur(cover, (0, 0), blur)[..., None], cv2.GaussianBlur(laid, (0, 0), blur)
    part = image[box.y : box.y + height, box.x : box.x + width]
    lit = laid.astype(np.float32) * float(rng.uniform(0.45, 1.0)) + rng.normal(0, rng.uniform(1, 6), laid.shape)
    part[:] = np.clip(part * (1 - cover) + lit * cover, 0, 255).astype(np.uint8)
