"""The structure of a JPEG file (ITU-T T.81 annex B): its dimensions, and whether it goes on to its end.

Decoders fill what is missing of a truncated file with grey and only warn. So the file is walked here, marker by
marker, to the end-of-image marker; thumbnails inside segments have end markers of their own and are stepped over.
"""

import re

from services.ingest.image_size import ImageSize
from services.ingest.refusals import Refused

SIGNATURE = b"\xff\xd8\xff"

SCANS_MAX = 100
"""Scans in a file at most. Each makes a decoder go over the whole picture; real progressive files have about ten."""

SEGMENTS_MAX = 4096
"""Segments in a file at most: 255 hold the largest ICC profile."""

_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_SEGMENT = frozenset(range(0xD0, 0xD9)) | {0x00, 0x01}

# Inside entropy-coded data 0xFF is followed by 0x00 (a stuffed byte), 0xFF (fill) or a restart marker.
_MARKER_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def jpeg_size(data: bytes) -> ImageSize:
    """The dimensions of a JPEG that is there to its end, without decoding it; raises Refused when it is not."""
    size: ImageSize | None = None
    scans, at = 0, 2
    for _ in range(SEGMENTS_MAX):
        marker, at = _marker(data, at)
        if marker == _END_OF_IMAGE:
            if size is None or not scans:
                raise _undecodable("must hold a picture")
            return size
        segment, at = _segment(data, marker, at)
        if marker in _START_OF_FRAME:
            if size is not None:
                raise _undecodable("must hold one picture")
            size = _dimensions(segment)
        elif marker == _START_OF_SCAN:
            scans += 1
            if scans > SCANS_MAX:
                raise _undecodable(f"must have at most {SCANS_MAX} scans")
            at = _end_of_scan(data, at)
    raise _undecodable(f"must have at most {SEGMENTS_MAX} segments")


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker here, past any fill bytes, and where its segment begins."""
    if data[at : at + 1] not in (b"\xff", b""):
        raise _undecodable(f"must have a marker at byte {at}")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise _truncated()
    return data[at], at + 1


def _segment(data: bytes, marker: int, at: int) -> tuple[bytes, int]:
    """The content of the segment here, and where the next begins."""
    if marker in _WITHOUT_SEGMENT:
        raise _undecodable(f"must have a segment at byte {at}")
    length = int.from_bytes(data[at : at + 2])
    if at + max(length, 2) > len(data):
        raise _truncated()
    if length < 2:
        raise _undecodable(f"must have a whole segment at byte {at}")
    return data[at + 2 : at + length], at + length


def _dimensions(segment: bytes) -> ImageSize:
    """What a start-of-frame segment says: precision, height, width, ..."""
    size = ImageSize(width_px=int.from_bytes(segment[3:5]), height_px=int.from_bytes(segment[1:3]))
    if len(segment) < 6 or not size.pixels:
        raise _undecodable("must say its dimensions")
    return size


def _end_of_scan(data: bytes, at: int) -> int:
    found = _MARKER_AFTER_SCAN.search(data, at)
    if found is None:
        raise _truncated()
    return found.start()


def _undecodable(rule: str) -> Refused:
    return Refused("undecodable", "body", f"as a JPEG, {rule}")


def _truncated() -> Refused:
    return _undecodable("must go on to its end-of-image marker")
