"""Which part of a frame is kept as the picture of a plate."""

from services.recognizer.engine import Box, Image

_MARGIN = 0.25
"""Kept on each side, as a share of the plate's height: enough to see the frame around the number, no more."""


def plate_patch(image: Image, box: Box) -> Image:
    """Cut a plate out of its frame with a margin, clipped to the frame; never empty.

    Raises ValueError if the box lies outside the frame.
    """
    x, y, width, height = box
    margin = round(_MARGIN * height)
    patch = image[max(0, y - margin) : max(0, y + height + margin), max(0, x - margin) : max(0, x + width + margin)]
    if patch.size == 0:
        raise ValueError(f"The box {box} lies outside a frame of {image.shape[1]} x {image.shape[0]}")
    return patch.copy()
