"""The structure of a PNG file (PNG third edition, 5): its dimensions, and whether it is there to its end, unspoilt."""

import zlib

from services.ingest.image_size import ImageSize
from services.ingest.refusals import Refused

SIGNATURE = b"\x89PNG\r\n\x1a\n"

CHUNKS_MAX = 65_536
"""Chunks in a file at most: enough for 20 MiB of picture in chunks of 320 bytes."""

_AROUND_DATA = 12
"""Bytes of a chunk beside its data: length, type, checksum."""


def png_size(data: bytes) -> ImageSize:
    """The dimensions of a PNG that is there to its end, without inflating it; raises Refused when it is not."""
    size: ImageSize | None = None
    pixels_seen = False
    at = len(SIGNATURE)
    for _ in range(CHUNKS_MAX):
        kind, content, at = _chunk(data, at)
        if size is None:
            size = _dimensions(kind, content)
        elif kind == b"IDAT":
            pixels_seen = True
        elif kind == b"IEND":
            if not pixels_seen:
                raise _undecodable("must hold a picture")
            return size
    raise _undecodable(f"must have at most {CHUNKS_MAX} chunks")


def _chunk(data: bytes, at: int) -> tuple[bytes, memoryview, int]:
    """The type and content of the chunk here, and where the next begins."""
    end = at + _AROUND_DATA + int.from_bytes(data[at : at + 4])
    if end > len(data):
        raise _undecodable("must go on to its IEND chunk")
    view = memoryview(data)
    if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end]):
        raise _undecodable(f"must have the right checksum for the chunk at byte {at}")
    return data[at + 4 : at + 8], view[at + 8 : end - 4], end


def _dimensions(kind: bytes, content: memoryview) -> ImageSize:
    size = ImageSize(width_px=int.from_bytes(content[:4]), height_px=int.from_bytes(content[4:8]))
    if kind != b"IHDR" or len(content) != 13 or not size.pixels:
        raise _undecodable("must say its dimensions first")
    return size


def _undecodable(rule: str) -> Refused:
    return Refused("undecodable", "body", f"as a PNG, {rule}")
