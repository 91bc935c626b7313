"""Apache Kafka in KRaft combined mode: one process that is broker and controller, on the machine's JVM."""

import base64
import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plateward.embedded.child import Child
from plateward.embedded.kafka_jars import KafkaJars
from plateward.embedded.ports import free_port
from plateward.embedded.readiness import NotServingError

OLDEST_JAVA = 17
"""The oldest Java that Kafka 4's broker runs on."""

_NODE = 1
_JVM_OPTIONS = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.xml')}",
)


class NoJavaError(RuntimeError):
    """There is no Java here that Kafka runs on."""


@dataclass(frozen=True, slots=True)
class ApacheKafka:
    """The real thing: which Java, which jars."""

    java: Path
    jars: KafkaJars

    @property
    def kind(self) -> str:
        """What it is, for people."""
        return f"Apache Kafka {self.jars.version} on the JVM"

    async def command(self, folder: Path, port: int) -> list[str]:
        """Prepares the folder and gives the command line that serves it on that port; raises NotServingError."""
        data = folder / "data"
        if not data.exists():
            await self._format(data)
        properties = folder / "server.properties"
        _write(properties, _server_properties(data, port, controller_port=free_port()))
        return [*self._jvm("kafka.Kafka"), str(properties)]

    async def _format(self, data: Path) -> None:
        """Makes the data folder: beside its place first, so that a half-made one is never taken for a whole one."""
        unfinished = data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        properties = data.with_name("format.properties")
        _write(properties, _server_properties(unfinished, port=free_port(), controller_port=free_port()))
        formatting = await Child.start(
            [
                *self._jvm("kafka.tools.StorageTool"),
                "format",
                f"--cluster-id={_cluster_id()}",
                f"--config={properties}",
            ],
            log=data.with_name("format.log"),
        )
        if await formatting.wait() != 0:
            raise NotServingError("Kafka's StorageTool", "could not format its storage", formatting.log_tail())
        unfinished.rename(data)

    def _jvm(self, main_class: str) -> list[str]:
        return [str(self.java), *_JVM_OPTIONS, "-cp", self.jars.class_path, main_class]


def find_java() -> Path:
    """The Java of JAVA_HOME, or else of the PATH; raises NoJavaError when it is missing or too old."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin") if home else None) or shutil.which("java")
    if found is None:
        raise NoJavaError("there is no Java")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise NoJavaError(f"Java {OLDEST_JAVA} or newer is needed, and {found} is another")
    return Path(found)


def _server_properties(data: Path, port: int, controller_port: int) -> dict[str, str | int]:
    """One node that stands alone, small in memory and on disk, quick to start and to let consumers join."""
    return {
        "process.roles": "broker,controller",
        "node.id": _NODE,
        "controller.quorum.voters": f"{_NODE}@127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "log.dirs": str(data),
        "broker.heartbeat.interval.ms": 300,
        "broker.session.timeout.ms": 3_000,  # a broker that was killed can come back only after that
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 1,
        "group.initial.rebalance.delay.ms": 0,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,  # of the heap; 128 MiB unless told
        "log.segment.bytes": 64 * 1024 * 1024,  # what has expired leaves the disk a segment at a time
        "log.index.size.max.bytes": 1024 * 1024,
        "log.retention.check.interval.ms": 30_000,
        "log.segment.delete.delay.ms": 5_000,
    }


def _write(file: Path, properties: Mapping[str, str | int]) -> None:
    file.write_text(
        "".join(f"{name}={str(value).replace(chr(92), chr(92) * 2)}\n" for name, value in properties.items())
    )


def _cluster_id() -> str:
    """As Kafka writes its ids: 16 bytes, URL-safe, no padding."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
