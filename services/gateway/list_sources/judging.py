"""What a file that has come does to its list: it replaces it, says that nothing has changed, waits, or is refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

CLOCKS_DIFFER = timedelta(minutes=5)
"""A file may be as much younger than now: its source's clock goes differently."""

Verdict = Literal["replaced", "unchanged", "held", "refused"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a file, and why where it is not simply taken."""

    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A list as it stands: the file that it has, and how many entries came of it."""

    as_of: datetime
    """When its source had it so."""
    sha256: str
    reading: str
    """How the file was read (`DesignatedList.reading`)."""
    entries: int


def judge_unread(
    as_of: datetime, sha256: str, reading: str, standing: Standing | None, at: datetime
) -> Judgement | None:
    """What becomes of a file as far as that needs no look into it; None where it does."""
    if as_of > at + CLOCKS_DIFFER:
        return Judgement("refused", f"it is of {as_of.isoformat()}, which is yet to come")
    if standing is None:
        return None
    if as_of < standing.as_of:
        return Judgement("refused", f"it is older than the file in force, which is of {standing.as_of.isoformat()}")
    same = (sha256, reading) == (standing.sha256, standing.reading)
    return Judgement("unchanged") if same else None


def judge_read(accepted: int, rejected: int, standing: Standing | None, *, approval_first: bool) -> Judgement:
    """What becomes of a file once it is read; `approval_first`: the list is special, and this is its first file."""
    if accepted == 0:
        return Judgement("refused", f"not one of its {rejected} lines could be taken")
    if standing is not None and standing.entries > 0 and 2 * accepted <= standing.entries:
        return Judgement("held", f"it would shrink the list from {standing.entries} entries to {accepted}")
    if standing is None and approval_first:
        return Judgement("held", "the list is special, and this is its first file")
    return Judgement("replaced")
