"""The last checkpoint of each log, in a file that is replaced whole."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plateward.tlog.notes import SignedNote, parse_note


class MemoryFolder:
    """A folder with a file for each log, named by a hash of the log's name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    @contextmanager
    def of(self, origin: str) -> Iterator["RememberedInFile"]:
        """What is known of a log; other threads and other processes wait."""
        file = self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.checkpoint"
        with file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield RememberedInFile(file)


class RememberedInFile:
    """A log's last checkpoint, as signed."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def last(self) -> SignedNote | None:
        """The last checkpoint that was kept; raises Malformed where the file has been spoilt."""
        try:
            return parse_note(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def keep(self, note: SignedNote) -> None:
        """Keeps this one in its place; returns when it is on the disk."""
        unfinished = self._file.with_suffix(".new")
        with unfinished.open("w", encoding="utf-8") as written:
            written.write(str(note))
            written.flush()
            os.fsync(written.fileno())
        unfinished.replace(self._file)
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
