"""Pictures to send."""

import struct
import zlib

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def noise(width_px: int, height_px: int) -> Pixels:
    """The worst that a JPEG can be made of."""
    return np.random.default_rng(7).integers(0, 256, (height_px, width_px, 3), np.uint8)


def soft(width_px: int, height_px: int) -> Pixels:
    """Clouds, which a JPEG takes few bytes for."""
    return np.asarray(cv2.GaussianBlur(noise(width_px, height_px), (0, 0), 5), np.uint8)


def jpeg(pixels: Pixels, quality: int = 90, *, progressive: bool = False, restart_interval: int = 0) -> bytes:
    options = [
        (cv2.IMWRITE_JPEG_QUALITY, quality),
        (cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)),
        (cv2.IMWRITE_JPEG_RST_INTERVAL, restart_interval),
    ]
    return cv2.imencode(".jpg", pixels, [number for option in options for number in option])[1].tobytes()


def png(pixels: Pixels) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_bomb(width_px: int, height_px: int) -> bytes:
    """A small file that says that it is large; its pixels are missing."""
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    return png_of(png_chunk(b"IHDR", header), png_chunk(b"IDAT", zlib.compress(b"")), png_chunk(b"IEND", b""))


def with_dimensions(data: bytes, width_px: int, height_px: int) -> bytes:
    """The baseline JPEG, saying that it has other dimensions than it has."""
    start = data.index(b"\xff\xc0") + 5
    return data[:start] + struct.pack(">HH", height_px, width_px) + data[start + 4 :]


def with_segment(data: bytes, marker: int, content: bytes) -> bytes:
    """The JPEG with another segment at its beginning."""
    return data[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + data[2:]


def turned(data: bytes) -> bytes:
    """The JPEG with a note that the camera was held on its side (Exif orientation 6)."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
    return with_segment(data, 0xE1, exif)
