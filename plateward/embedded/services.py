"""The six services as processes of one machine: their programs, their ports, and what they are told."""

import secrets
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit, urlunsplit

from plateward.embedded.ports import free_port
from plateward.embedded.processes import Program
from plateward.kernel.key_encryption import add_key
from plateward.kernel.key_files import create_key_file
from plateward.kernel.service_schemas import WITH_SCHEMA
from plateward.kernel.signatures import make_signing_key
from plateward.tlog.keys import Role

SERVICES = ("ingest", "recognizer", "matcher", "retention", "audit", "gateway")
WITH_BLOBS = ("ingest", "recognizer", "retention", "gateway")


@dataclass(frozen=True, slots=True)
class OneMachine:
    """Where the services of this machine listen, keep their things, and log in."""

    folder: Path
    kafka: str
    """The brokers to start from."""
    administrator_dsn: str
    """The database's superuser, who migrates; the services log in as their own roles."""
    ports: Mapping[str, int] = field(default_factory=lambda: {name: free_port() for name in SERVICES})
    passwords: Mapping[str, str] = field(
        default_factory=lambda: {name: secrets.token_urlsafe(24) for name in WITH_SCHEMA}, repr=False
    )

    def with_port(self, service: str, port: int) -> "OneMachine":
        """The same machine with a service at this port."""
        return replace(self, ports={**self.ports, service: port})

    def url(self, service: str) -> str:
        """Where a service answers HTTP."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def dsn(self, service: str) -> str:
        """How a service logs in to its database."""
        address = urlsplit(self.administrator_dsn)
        netloc = f"plateward_{service}:{self.passwords[service]}@{address.hostname}:{address.port}"
        return urlunsplit(address._replace(netloc=netloc))

    @property
    def blobs(self) -> Path:
        """The folder of the images."""
        return self.folder / "blobs"

    @property
    def key_file(self) -> Path:
        """The file of the key that wraps all others."""
        return self.folder / "key-encryption" / "keys.txt"

    @property
    def log_key(self) -> Path:
        """The file of the key that signs the access log."""
        return self.folder / "keys" / "access-log.key"

    @property
    def signing_key(self) -> Path:
        """The file of the key that signs purge certificates and releases."""
        return self.folder / "key-encryption" / "signing.pem"

    @property
    def agency_keys(self) -> Path:
        """The folder of the keys by which this machine's agencies sign agreements."""
        return self.folder / "agency-keys"

    def make_keys(self, agencies: Iterable[str] = ()) -> None:
        """Makes this machine's keys, and those of agencies, unless an earlier start has; raises KeyFileError."""
        for agency in agencies:
            if not (self.agency_keys / f"{agency}.pem").exists():
                make_signing_key(self.agency_keys / f"{agency}.pem")
        self.log_key.parent.mkdir(parents=True, exist_ok=True)
        if not self.key_file.exists():
            add_key(self.key_file)
        if not self.signing_key.exists():
            make_signing_key(self.signing_key)
        if not self.log_key.exists():
            create_key_file(self.log_key, "access-log.localhost", Role.LOG)

    def program(self, service: str, **settings: str) -> Program:
        """The process of a service; further settings are environment variables."""
        return Program(
            name=service,
            argv=(sys.executable, "-m", f"services.{service}.main"),
            env=self._environment(service) | settings,
            log=self.folder / "logs" / f"{service}.log",
            ready_url=f"{self.url(service)}/readyz",
        )

    def programs(self, told: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> list[Program]:
        """All six, in the order of the data's way, with the further settings that some are told."""
        return [self.program(service, **told.get(service, {})) for service in SERVICES]

    def _environment(self, service: str) -> dict[str, str]:
        environment = {
            "PLATEWARD_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "PLATEWARD_HTTP_PORT": str(self.ports[service]),
            "PLATEWARD_LOG_FORMAT": "console",
            "PLATEWARD_RECOGNIZER_MODELS_FOLDER": str(self.folder / "models"),
            "PLATEWARD_MATCHER_WORK_FOLDER": str(self.folder / "matcher"),
        }
        if service in WITH_SCHEMA:
            environment["PLATEWARD_DATABASE_DSN"] = self.dsn(service)
        if service == "audit":
            environment["PLATEWARD_AUDIT_LOG_KEY_FILE"] = str(self.log_key)
        if service == "gateway":
            environment["PLATEWARD_GATEWAY_SIGNING_KEY_FILE"] = str(self.signing_key)
            environment |= self._for_demonstration()
        if service == "retention":
            environment["PLATEWARD_RETENTION_SIGNING_KEY_FILE"] = str(self.signing_key)
        if service in WITH_BLOBS:
            environment["PLATEWARD_BLOBS_FOLDER"] = str(self.blobs)
            environment["PLATEWARD_KEYS_FILE"] = str(self.key_file)
            environment["PLATEWARD_KEYS_FOLDER"] = str(self.folder / "keyring")
        return environment

    def _for_demonstration(self) -> dict[str, str]:
        """One machine shows the system to whoever sits at it: a password is enough, and its screen never locks."""
        return {
            "PLATEWARD_GATEWAY_SECOND_FACTOR": "off",
            "PLATEWARD_GATEWAY_AGENCY_KEYS": str(self.agency_keys),
            "PLATEWARD_GATEWAY_SELF_CHECK_HOURS": "0",
            "PLATEWARD_GATEWAY_DISPATCH_ROOMS": '["127.0.0.0/8"]',
            "PLATEWARD_GATEWAY_ORIGIN": self.url("gateway").replace("127.0.0.1", "localhost"),
        }
