"""Purges in processes of their own, each killed right after one of its effects: of the number in each line of stdin.

Each effect is written to stderr, and after the last how the process ended; it ends by itself where there are fewer.
The processes are forked from one that has imported all and done nothing, so that none begins with a second of imports.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from plateward.kernel.blobs import Blobs, open_blobs
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.keys import Keyring, open_keyring
from plateward.kernel.postgres import database_pool
from plateward.kernel.signatures import read_signing_key
from plateward.policy.catalogue import load_catalogue
from services.retention.adapters.purge_ledger import PurgeLedger
from services.retention.adapters.purge_notes import PurgeNotes
from services.retention.adapters.purge_rows import RowsRemoval
from services.retention.adapters.purging import wired_purge
from services.retention.settings import RetentionSettings
from tests.support.archive import OVER, all_clocks_agree

EFFECTS: list[tuple[type, str]] = [
    (PurgeLedger, "begin"),
    (RowsRemoval, "detach"),
    (RowsRemoval, "note"),
    (RowsRemoval, "drop"),
    (PurgeNotes, "note"),
    (PurgeNotes, "done"),
    (Blobs, "delete_all"),
    (Keyring, "destroy"),
    (PurgeLedger, "certify"),
    (Publisher, "publish"),
]


class Executioner:
    """Counts effects, and kills this process after the one of this number."""

    def __init__(self, number: int) -> None:
        self._left = number

    def watches(self, effect: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @wraps(effect)
        async def watched(*args: Any, **kwargs: Any) -> Any:
            result = await effect(*args, **kwargs)
            print(effect.__qualname__, file=sys.stderr, flush=True)  # noqa: T201
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return watched


async def main(number: int) -> None:
    settings, executioner = RetentionSettings(), Executioner(number)
    for kind, name in EFFECTS:
        setattr(kind, name, executioner.watches(getattr(kind, name)))
    assert settings.signing_key_file is not None
    async with (
        database_pool(settings.database, schema="retention") as pool,
        open_publisher(settings.kafka, source="retention") as publisher,
    ):
        purge = wired_purge(
            *(pool, publisher, open_blobs(settings.blobs), open_keyring(settings.keys, settings.blobs)),
            *(load_catalogue(), read_signing_key(settings.signing_key_file), settings.clock_jump_hours),
            witness=all_clocks_agree,
        )
        await purge.run(OVER)


def purge_each() -> None:
    """A purge for each line of stdin, one after the other."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            asyncio.run(main(int(line)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    purge_each()
