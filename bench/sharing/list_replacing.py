"""How long it takes to replace a list of a million entries: measured by the import of lists, where there is one."""

import importlib
import importlib.util

from plateward.embedded.services import OneMachine

MEASURED_BY = "bench.lists"
"""A module with `async def list_replace_seconds(machine: OneMachine, entries: int) -> float`."""

ENTRIES = 1_000_000


async def list_replace_seconds(machine: OneMachine) -> float | None:
    """Seconds; None where no import of lists says how to measure it."""
    if importlib.util.find_spec(MEASURED_BY) is None:
        return None
    measured = importlib.import_module(MEASURED_BY)
    return float(await measured.list_replace_seconds(machine, ENTRIES))
