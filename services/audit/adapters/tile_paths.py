"""How C2SP's tlog-tiles writes a tile into a URL: `x001/x234/067` is 1234067, `.p/5` its first five hashes."""

import re
from dataclasses import dataclass

from plateward.tlog.growing import TILE_WIDTH

LEVELS = 64

_PATH = re.compile(r"(?P<index>(?:x\d{3}/){0,5}\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """So many of the 256 hashes of a level that begin at 256 * index."""

    level: int
    index: int
    width: int


def tile_of(level: int, path: str) -> Tile | None:
    """The tile of this level and path, where they are written as they should be."""
    match = _PATH.fullmatch(path)
    if match is None or not 0 <= level < LEVELS or path.startswith("x000/"):
        return None
    width = int(match["width"] or TILE_WIDTH)
    if match["width"] and width >= TILE_WIDTH:
        return None
    return Tile(level, int(match["index"].replace("/", "").replace("x", "")), width)
