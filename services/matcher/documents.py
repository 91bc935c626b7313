"""Where the entries' documents are kept: all that the index does not need until an entry matches."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from services.matcher.packed_batches import Keys


class Documents(Protocol):
    """Documents by the places that they were given, numbers of 64 bits."""

    def keep(self, documents: Sequence[bytes]) -> Keys:
        """Keeps documents; the place of each."""

    def read(self, place: int) -> bytes:
        """The document at a place."""

    def forget(self, place: int) -> None:
        """Lets go of a document."""


class DocumentsInMemory:
    """Documents in a dictionary: for few entries."""

    def __init__(self) -> None:
        self._documents: dict[int, bytes] = {}
        self._last = 0

    def keep(self, documents: Sequence[bytes]) -> Keys:
        """Keeps documents; the place of each."""
        places = range(self._last + 1, self._last + 1 + len(documents))
        self._last += len(documents)
        self._documents.update(zip(places, documents, strict=True))
        return np.array(places, dtype=np.uint64)

    def read(self, place: int) -> bytes:
        """The document at a place."""
        return self._documents[place]

    def forget(self, place: int) -> None:
        """Lets go of a document."""
        del self._documents[place]
