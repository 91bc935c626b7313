import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distributions, version

import pytest

from services.recognizer.adapters.one_cv2 import announce_cv2


@pytest.fixture(autouse=True)
def finders_restored() -> Iterator[None]:
    before = list(sys.meta_path)
    sys.meta_path[:] = [finder for finder in before if type(finder).__module__ != announce_cv2.__module__]
    yield
    sys.meta_path[:] = before


def test_the_missing_distribution_is_answered_with_the_installed_one() -> None:
    with pytest.raises(PackageNotFoundError):
        version("opencv-contrib-python")
    announce_cv2()
    assert version("opencv-contrib-python") == version("opencv-python-headless")


def test_nothing_else_is_answered_and_nothing_listed() -> None:
    before = sorted(each.name for each in distributions())
    announce_cv2()
    assert sorted(each.name for each in distributions()) == before
    with pytest.raises(PackageNotFoundError):
        version("no-such-distribution")


def test_announcing_twice_is_announcing_once() -> None:
    announce_cv2()
    finders = list(sys.meta_path)
    announce_cv2()
    assert sys.meta_path == finders
