"""A picture's dimensions, as its file says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageSize:
    """Width and height in pixels."""

    width_px: int
    height_px: int

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width_px * self.height_px
