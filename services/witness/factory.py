"""How the witness is put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from plateward.kernel.clock import now
from plateward.kernel.key_files import read_key_file
from plateward.kernel.lifecycle import Running
from plateward.kernel.status import Status, status_app
from plateward.tlog.keys import PublicKey, Role
from plateward.tlog.text import Malformed
from services.witness.adapters.http import witness_routes
from services.witness.adapters.memory_folder import MemoryFolder
from services.witness.settings import WitnessSettings
from services.witness.witnessing import Witnessing


@asynccontextmanager
async def running(settings: WitnessSettings) -> AsyncIterator[Running]:
    """The wired witness; raises KeyFileError, Malformed for a list of logs that is none."""
    key = read_key_file(settings.key_file, Role.WITNESS)
    witnessing = Witnessing(key, _logs(settings.logs_file), MemoryFolder(settings.folder), now)
    app = status_app("witness", Status())
    app.include_router(witness_routes(witnessing))
    yield Running(app)


def _logs(file: Path) -> dict[str, PublicKey]:
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    keys = [PublicKey.parse(line) for line in lines if line and not line.startswith("#")]
    if not all(key.role is Role.LOG for key in keys):
        raise Malformed(f"{file} has a key that is not a log's")
    return {key.name: key for key in keys}
