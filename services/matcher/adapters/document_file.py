"""The entries' documents in a file without a name: on disk while the process lives, and gone with it."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from services.matcher.packed_batches import Keys

_LENGTH_BITS = 24
"""Of a place; the other 40 are the offset. A record on the topic is far shorter than 16 MiB."""

_FIRST_OFFSET = 1
"""So that no place is 0."""


class DocumentFile:
    """Documents one behind the other. What is forgotten stays in the file until the process ends."""

    def __init__(self, folder: Path) -> None:
        """Makes the file in this folder; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - it is open as long as we are
        self._end = _FIRST_OFFSET

    def keep(self, documents: Sequence[bytes]) -> Keys:
        """Appends documents; the place of each. Raises OSError where the disk takes no more."""
        lengths = np.fromiter(map(len, documents), dtype=np.uint64, count=len(documents))
        ends = self._end + np.cumsum(lengths, dtype=np.uint64)
        data = memoryview(b"".join(documents))
        while data:
            written = os.pwrite(self._file.fileno(), data, self._end)
            data, self._end = data[written:], self._end + written
        places: Keys = ((ends - lengths) << np.uint64(_LENGTH_BITS)) | lengths
        return places

    def read(self, place: int) -> bytes:
        """The document at a place."""
        return os.pread(self._file.fileno(), place & ((1 << _LENGTH_BITS) - 1), place >> _LENGTH_BITS)

    def forget(self, place: int) -> None:
        """Nothing is done about it."""

    def close(self) -> None:
        """Lets the file go."""
        self._file.close()
