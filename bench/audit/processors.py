"""How much processor time a server has taken, with its children that run and those that have ended."""

import os
from pathlib import Path

_PARENT, _OWN, _ENDED = 1, slice(11, 13), slice(13, 15)
"""Fields of /proc/<pid>/stat after the program's name: parent, times of its own, times of children that ended."""


def cpu_seconds(pid: int) -> float:
    """Of this process and its children; 0 where there is no /proc to look in."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if folder.name == str(pid) or fields[_PARENT] == str(pid):
            ticks += sum(int(one) for one in fields[_OWN])
        if folder.name == str(pid):
            ticks += sum(int(one) for one in fields[_ENDED])
    return ticks / os.sysconf("SC_CLK_TCK")
