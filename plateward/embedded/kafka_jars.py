"""Apache Kafka's jars, fetched once with Maven into a folder of the project.

The versions are those of `pom.xml` beside this file. The user's Maven settings (mirrors, proxies) hold; the local
repository lies in the same folder, so that nothing is written to the user's home.
"""

import asyncio
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from plateward.embedded.child import Child

_POM = Path(__file__).with_name("pom.xml")
_FETCH_SECONDS = 900


class NoJarsError(RuntimeError):
    """The jars are not there and cannot be fetched; the message says why."""


@dataclass(frozen=True, slots=True)
class KafkaJars:
    """A folder with Kafka and all that it needs to run."""

    folder: Path
    version: str

    @property
    def class_path(self) -> str:
        """For `java -cp`."""
        return str(self.folder / "*")


async def kafka_jars(artefacts: Path, tell: Callable[[str], None]) -> KafkaJars:
    """The jars in that folder, fetched when they are not there yet; raises NoJarsError."""
    pom = _POM.read_bytes()
    version = re.search(rb"<kafka\.version>([\d.]+)<", pom)
    assert version
    jars = KafkaJars(artefacts / f"jars-{hashlib.sha256(pom).hexdigest()[:12]}", version[1].decode())
    if jars.folder.exists():
        return jars
    async with _alone_in(artefacts):
        if not jars.folder.exists():
            tell(f"fetching Apache Kafka {jars.version} with Maven, once (45 MB)")
            await _fetch(jars.folder, artefacts)
    return jars


async def _fetch(into: Path, artefacts: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoJarsError("Maven (mvn) is not installed")
    unfinished = artefacts / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copy(_POM, artefacts / "pom.xml")  # where Maven may write beside it
    fetching = await Child.start(
        [
            maven,
            "--quiet",
            "--batch-mode",
            "--update-snapshots",  # which also asks again for what was missing the last time
            f"--file={artefacts / 'pom.xml'}",
            f"-Dmaven.repo.local={artefacts / 'repository'}",
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={unfinished}",
        ],
        log=artefacts / "maven.log",
        cwd=artefacts,
    )
    try:
        returncode = await asyncio.wait_for(fetching.wait(), _FETCH_SECONDS)
    except TimeoutError:
        raise NoJarsError(f"Maven has not fetched them within {_FETCH_SECONDS} seconds") from None
    finally:
        await fetching.stop()
    if returncode != 0:
        raise NoJarsError(f"Maven could not fetch them: {_first_error(fetching.log_tail(lines=200))}")
    unfinished.rename(into)


def _first_error(log: str) -> str:
    lines = (line.removeprefix("[ERROR]").strip() for line in log.splitlines())
    return next((line for line in lines if line), "it said nothing")


@asynccontextmanager
async def _alone_in(folder: Path) -> AsyncIterator[None]:
    """Makes the folder, and waits until no other process fetches into it."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
