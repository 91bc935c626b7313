"""The entries' documents in files without names: on disk while the process lives, and gone with it."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from services.matcher.packed_batches import Keys

FILE_BYTES = 128 * 1024 * 1024
"""A file that has grown to this gets no more documents."""

_LENGTH_BITS = 24
_OFFSET_BITS = 28
"""A place is a file's number, from 1, an offset in it, and a length: no place is 0."""


class DocumentFile:
    """Documents one behind the other. A file is let go once all that are in it are forgotten.

    A list that is renewed whole, day by day, so never takes more than twice its room.
    """

    def __init__(self, folder: Path, *, file_bytes: int = FILE_BYTES) -> None:
        """Makes the files in this folder; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._file_bytes = folder, file_bytes
        self._files: dict[int, _File] = {}
        self._current = 0
        self._begin_file()

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._files)

    def keep(self, documents: Sequence[bytes]) -> Keys:
        """Appends documents; the place of each. Raises OSError where the disk takes no more."""
        if self._files[self._current].end >= self._file_bytes:
            self._begin_file()
        lengths = np.fromiter(map(len, documents), dtype=np.uint64, count=len(documents))
        offsets = self._files[self._current].append(documents) + np.cumsum(lengths, dtype=np.uint64) - lengths
        number = np.uint64(self._current << (_LENGTH_BITS + _OFFSET_BITS))
        places: Keys = number | (offsets << np.uint64(_LENGTH_BITS)) | lengths
        return places

    def read(self, place: int) -> bytes:
        """The document at a place."""
        number, offset = divmod(place >> _LENGTH_BITS, 1 << _OFFSET_BITS)
        return os.pread(self._files[number].file.fileno(), place & ((1 << _LENGTH_BITS) - 1), offset)

    def forget(self, place: int) -> None:
        """Lets go of a document, and with the last one of its file."""
        number = place >> (_LENGTH_BITS + _OFFSET_BITS)
        self._files[number].documents -= 1
        if self._files[number].documents == 0 and number != self._current:
            self._files.pop(number).file.close()

    def contents(self) -> list["OpenFile"]:
        """The files with documents in them, for another process to adopt."""
        return [
            OpenFile(number, one.file.fileno(), one.end, one.documents)
            for number, one in self._files.items()
            if one.documents
        ]

    def adopt(self, files: Sequence["OpenFile"], places: Keys) -> Keys:
        """Takes over another's files; where the documents now are that were at these places."""
        number_of = np.zeros(1 + max((file.number for file in files), default=0), dtype=np.uint64)
        for file in files:
            number_of[file.number] = number = self._free_number()
            self._files[number] = _File(os.fdopen(file.descriptor, "rb"), end=file.end, documents=file.documents)
        shift = np.uint64(_LENGTH_BITS + _OFFSET_BITS)
        moved: Keys = (number_of[places >> shift] << shift) | (places & np.uint64((1 << int(shift)) - 1))
        return moved

    def close(self) -> None:
        """Lets everything go."""
        for one in self._files.values():
            one.file.close()

    def _begin_file(self) -> None:
        before = self._files.get(self._current)
        if before is not None and before.documents == 0:
            self._files.pop(self._current).file.close()
        self._current = self._free_number()
        self._files[self._current] = _File(tempfile.TemporaryFile(dir=self.folder, buffering=0))  # noqa: SIM115

    def _free_number(self) -> int:
        return next(number for number in range(1, len(self._files) + 2) if number not in self._files)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file as it is handed from one process to another: its number there, and its descriptor here."""

    number: int
    descriptor: int
    end: int
    documents: int


class _File:
    """A file, where it ends, and how many of its documents are still wanted."""

    def __init__(self, file: BinaryIO, end: int = 0, documents: int = 0) -> None:
        self.file, self.end, self.documents = file, end, documents

    def append(self, documents: Sequence[bytes]) -> int:
        """Writes documents behind the last; the offset of the first."""
        start, data = self.end, memoryview(b"".join(documents))
        while data:
            written = os.pwrite(self.file.fileno(), data, self.end)
            data, self.end = data[written:], self.end + written
        self.documents += len(documents)
        return start
