"""Pictures by OpenCV, in threads of their own: decoding them, and making JPEGs of them that fit on `frames`."""

import asyncio
import math
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from plateward.contracts.frames import FRAME_BYTES_MAX
from services.ingest.acceptance import Jpeg
from services.ingest.frame_check import CheckedImage
from services.ingest.image_size import ImageSize
from services.ingest.refusals import Refused

Pixels = npt.NDArray[np.uint8]
"""Rows of blue, green and red."""

QUALITIES = (90, 80, 70, 60)
"""Tried in this order at full size; below the last, plates suffer more from blocks than from fewer pixels."""

_MARGIN = 0.95
"""A picture of n % of the pixels takes a little more than n % of the bytes."""


BLANK_CONTRAST = 2.0
"""The standard deviation of brightness, of 255, below which a picture shows nothing: a covered lens, a dead sensor."""

LOOKED_AT_EVERY_PX = 8
"""Brightness is looked at every so many pixels: a picture that shows anything shows it there."""


class DecodingThreads:
    """Decodes so many pictures at a time; the others wait, so that memory stays bounded."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    async def fit(self, image: CheckedImage) -> Jpeg:
        """The picture as a JPEG that fits on the topic, unchanged if it is one; raises Refused if it won't decode."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, fit, image)


@asynccontextmanager
async def decoding_threads(count: int) -> AsyncIterator[DecodingThreads]:
    """Threads that decode, ended with the context."""
    with ThreadPoolExecutor(count, thread_name_prefix="decode") as threads:
        yield DecodingThreads(threads)


def fit(image: CheckedImage) -> Jpeg:
    """The picture as a JPEG that fits on the topic; raises Refused."""
    pixels = _decode(image.data)
    if image.kind == "jpeg" and len(image.data) <= FRAME_BYTES_MAX:
        return Jpeg(image.data, _size(pixels), is_blank(pixels))
    return replace(encode_within(pixels, FRAME_BYTES_MAX), blank=is_blank(pixels))


def is_blank(pixels: Pixels) -> bool:
    """Whether the picture is all of one brightness."""
    return float(pixels[::LOOKED_AT_EVERY_PX, ::LOOKED_AT_EVERY_PX].mean(axis=2).std()) < BLANK_CONTRAST


def encode_within(pixels: Pixels, bytes_max: int) -> Jpeg:
    """A JPEG of at most so many bytes: of the best quality that fits, or else as little smaller as is needed."""
    for quality in QUALITIES:
        data = encode_jpeg(pixels, quality)
        if len(data) <= bytes_max:
            return Jpeg(data, _size(pixels))
    scale = 1.0
    while len(data) > bytes_max:
        scale *= _MARGIN * math.sqrt(bytes_max / len(data))
        smaller = _scaled(pixels, scale)
        data = encode_jpeg(smaller, QUALITIES[-1])
    return Jpeg(data, _size(smaller))


def encode_jpeg(pixels: Pixels, quality: int) -> bytes:
    """The picture as a JPEG of this quality (0 to 100)."""
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def _decode(data: bytes) -> Pixels:
    """The pixels, turned upright where the file says how the camera was held."""
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise Refused("undecodable", "body", "must decode to a picture")
    return np.asarray(pixels, np.uint8)


def _scaled(pixels: Pixels, scale: float) -> Pixels:
    height, width = pixels.shape[:2]
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _size(pixels: Pixels) -> ImageSize:
    return ImageSize(width_px=pixels.shape[1], height_px=pixels.shape[0])
