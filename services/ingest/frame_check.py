"""What a frame must be before anything decodes it: a JPEG or a PNG, whole, and of a size that can be held."""

from dataclasses import dataclass
from typing import Literal

from services.ingest import jpeg_file, png_file
from services.ingest.image_size import ImageSize
from services.ingest.refusals import Refused

SIDE_PX_MAX = 65_500
"""The longest side of a JPEG that OpenCV writes; a PNG's may be longer."""

ImageKind = Literal["jpeg", "png"]


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """The bytes of a picture whose file is whole, its kind and the size that it says it has."""

    data: bytes
    kind: ImageKind
    size: ImageSize


def check_image(data: bytes, *, pixels_max: int) -> CheckedImage:
    """Looks at the file without decoding it, so that it costs no more memory than it has; raises Refused."""
    kind = image_kind(data)
    size = jpeg_file.jpeg_size(data) if kind == "jpeg" else png_file.png_size(data)
    if size.pixels > pixels_max:
        raise Refused("too-many-pixels", "body", f"must have at most {pixels_max} pixels")
    if max(size.width_px, size.height_px) > SIDE_PX_MAX:
        raise Refused("too-many-pixels", "body", f"must have at most {SIDE_PX_MAX} pixels on a side")
    return CheckedImage(data, kind, size)


def image_kind(data: bytes) -> ImageKind:
    """What the file is by its first bytes, whatever its sender calls it; raises Refused."""
    if data.startswith(jpeg_file.SIGNATURE):
        return "jpeg"
    if data.startswith(png_file.SIGNATURE):
        return "png"
    raise Refused("not-an-image", "body", "must be a JPEG or a PNG")
