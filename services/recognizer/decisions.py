"""Which frames of a partition were passed over, remembered beside its offset: so that doing it again does the same.

What is looked at depends on how far behind the recogniser is, and a pass has its id from the first frame that was
looked at. A recogniser that takes frames up again after a crash therefore has to pass over the same ones, or it would
tell the same vehicle under another id.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Self

from services.recognizer.backlog import Fate

_LETTERS: dict[Fate, str] = {"look": "l", "skipped": "s", "stale": "o"}
_FATES: dict[str, Fate] = {letter: one for one, letter in _LETTERS.items()}


class Decisions:
    """What was decided of each frame of a partition from some offset on, as runs of the same decision."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, Fate]] = []
        """Where each run starts."""
        self._end = 0

    @classmethod
    def read(cls, text: str, offset: int) -> Self:
        """What `written` wrote for this offset; from a text of anything else, nothing."""
        decisions = cls()
        try:
            for part in text.split():
                for number in range(offset, offset + int(part[1:])):
                    decisions.note(number, _FATES[part[0]])
                offset += int(part[1:])
        except (ValueError, KeyError):
            return cls()
        return decisions

    def note(self, offset: int, decision: Fate) -> None:
        """Remembers what was decided of the next frame; offsets come in their order and without gaps."""
        if not self._runs or self._runs[-1][1] != decision:
            self._runs.append((offset, decision))
        self._end = offset + 1

    @property
    def end(self) -> int:
        """The first offset of which nothing is decided."""
        return self._end

    def of(self, offset: int) -> Fate | None:
        """What was decided of this frame; None where nothing was, or it is forgotten."""
        for start, end, decision in self._spans():
            if start <= offset < end:
                return decision
        return None

    def written(self, offset: int, longest: int) -> str:
        """What there is from this offset on; the last decisions are left out where it would be longer."""
        parts: list[str] = []
        length = 0
        for start, end, decision in self._spans():
            if end > offset:
                part = f"{_LETTERS[decision]}{end - max(start, offset)}"
                length += len(part) + 1
                if length > longest:
                    break
                parts.append(part)
        return " ".join(parts)

    def forget_before(self, offset: int) -> None:
        """Nothing before this offset is needed any more."""
        self._runs = [(max(start, offset), decision) for start, end, decision in self._spans() if end > offset]

    def _spans(self) -> Iterator[tuple[int, int, Fate]]:
        for (start, decision), (end, _) in pairwise([*self._runs, (self._end, "look")]):
            yield start, end, decision
