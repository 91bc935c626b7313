"""noida-db, which speaks Kafka's protocol from a wheel: for machines that cannot have Apache Kafka.

It is not as durable: what it acknowledged just before it is killed is lost, and a producer that numbers its records
cannot go on after that. And it makes a topic that it does not know, whatever it is told. A stop keeps everything.
"""

import os
import stat
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Noida:
    """The stand-in, and why it stands in."""

    why: str

    @property
    def kind(self) -> str:
        """What it is, for people."""
        return f"noida-db instead of Apache Kafka (it forgets its latest records when it is killed): {self.why}"

    async def command(self, folder: Path, port: int) -> list[str]:
        """The command line that serves that folder on that port."""
        program = _program()
        options = {
            "--data-dir": str(folder / "data"),
            "--host": "127.0.0.1",
            "--only": "kafka",
            "--kafka-port": str(port),
        }
        return [str(program), "start", *(part for option in options.items() for part in option)]


def _program() -> Path:
    """The wheel's program, which not every installer leaves executable."""
    program = Path(str(files("noida_db") / "noida-db"))
    if not os.access(program, os.X_OK):
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program
