"""Lets PaddleX find the one OpenCV that is installed.

PaddleX asks for the distribution `opencv-contrib-python` by name and will not import cv2 without it. The image has
`opencv-python-headless` instead: the same module without windows, and two distributions of it in one environment
would overwrite each other's files. What PaddleX uses of cv2 is in both.
"""

import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, DistributionFinder, PackageNotFoundError, distribution

_ASKED_FOR = "opencv-contrib-python"
_INSTALLED = "opencv-python-headless"


class _SameCv2(DistributionFinder):
    """Answers a question for the one distribution with the other. It finds no modules and lists nothing."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Leave all imports to others."""

    def find_distributions(self, context: DistributionFinder.Context | None = None) -> Iterable[Distribution]:
        """Return the installed OpenCV, but only to who asks for the missing one by name."""
        asked_for = context.name if context else None
        return [distribution(_INSTALLED)] if asked_for == _ASKED_FOR else []


def announce_cv2() -> None:
    """Make the installed OpenCV known by the name PaddleX asks for; call before importing paddleocr.

    Raises PackageNotFoundError if neither distribution is installed.
    """
    try:
        distribution(_ASKED_FOR)
    except PackageNotFoundError:
        distribution(_INSTALLED)
        sys.meta_path.append(_SameCv2())
