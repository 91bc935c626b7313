"""Frames are read from JPEG and pictures of reads written as JPEG, by OpenCV."""

import cv2
import numpy as np

from services.recognizer.engine import Image


def decode_jpeg(data: bytes) -> Image:
    """Decode a picture to blue, green, red.

    Raises ValueError if `data` is no picture that OpenCV can read.
    """
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if image is None:
        raise ValueError("Not a picture that can be decoded")
    return np.asarray(image, np.uint8)


def encode_jpeg(image: Image, quality: int, longest_px: int) -> bytes:
    """Encode a picture at `quality` (0 to 100), shrunk so that its longer side is at most `longest_px`.

    Raises ValueError if the picture is empty.
    """
    if image.size == 0:
        raise ValueError("An empty picture cannot be encoded")
    height, width = image.shape[:2]
    scale = longest_px / max(height, width)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    encoded, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not encoded:
        raise ValueError("The picture cannot be encoded")
    return data.tobytes()
