"""How long the recogniser's process takes until it takes frames: when it makes its models first, and later."""

import asyncio
import tempfile
import time
from pathlib import Path

from plateward.embedded.kafka import EmbeddedKafka
from plateward.embedded.processes import ProcessGroup
from plateward.embedded.services import OneMachine
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.settings import KafkaSettings

ARTEFACTS = Path(".plateward/kafka").resolve()


def seconds_to_ready(modes: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """For each mode the seconds of its first start, and of one that finds its models made."""
    with tempfile.TemporaryDirectory(prefix="plateward-bench-") as folder:
        return asyncio.run(_starts(modes, Path(folder)))


async def _starts(modes: tuple[str, ...], folder: Path) -> dict[str, dict[str, float]]:
    async with EmbeddedKafka(folder / "kafka", artefacts=ARTEFACTS, tell=print) as kafka:
        await prepare_topics(KafkaSettings(bootstrap_servers=kafka.bootstrap_servers))
        machine = OneMachine(folder, kafka.bootstrap_servers, "postgresql://none")
        machine.make_keys()
        return {mode: {"first": await _start(machine, mode), "again": await _start(machine, mode)} for mode in modes}


async def _start(machine: OneMachine, mode: str) -> float:
    program = machine.program(
        "recognizer",
        PLATEWARD_RECOGNIZER_ENGINE=mode,
        PLATEWARD_RECOGNIZER_MODELS_FOLDER=str(machine.folder / "models" / mode),
    )
    async with ProcessGroup([program], report=lambda event: print(event), supervise=False) as processes:
        begun = time.perf_counter()
        await processes.start_all()
        return round(time.perf_counter() - begun, 1)
