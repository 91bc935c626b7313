"""The settings that services share. Each is read from the environment, under the prefix that its class names."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class KafkaSettings(BaseSettings):
    """How to reach Kafka (`PLATEWARD_KAFKA_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_KAFKA_")

    bootstrap_servers: str = Field(default="127.0.0.1:9092", description="Brokers to start from, host:port, by comma.")
    security: Literal["PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="PLAINTEXT for one machine only; SASL_SSL (SCRAM-SHA-512) everywhere else."
    )
    username: str | None = Field(default=None, description="The service's own Kafka user.")
    password: SecretStr | None = Field(default=None, description="Its password.")
    ca_file: Path | None = Field(default=None, description="The certificate authority that signed the brokers' keys.")
    replication: int = Field(default=1, ge=1, description="Copies of each topic that `plateward migrate` creates.")


class HttpSettings(BaseSettings):
    """Where a service answers HTTP: its own interface and `/healthz`, `/readyz`, `/metrics` (`PLATEWARD_HTTP_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_HTTP_")

    host: str = Field(default="127.0.0.1", description="The address to listen on; nothing listens beyond by default.")
    port: int = Field(default=8080, ge=0, le=65535, description="The port to listen on.")


class LogSettings(BaseSettings):
    """How a service logs (`PLATEWARD_LOG_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_LOG_")

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="The least that is logged.")
    format: Literal["json", "console"] = Field(default="json", description="json for machines, console for people.")


class BlobSettings(BaseSettings):
    """Where images are kept (`PLATEWARD_BLOBS_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_BLOBS_")

    folder: Path | None = Field(default=None, description="A folder of this machine; used when no bucket is set.")
    bucket: str | None = Field(default=None, description="An S3 bucket.")
    endpoint: str | None = Field(default=None, description="The S3 server, where it is not Amazon's.")
    region: str = Field(default="us-east-1", description="The bucket's region.")
    access_key: str | None = Field(default=None, description="The S3 access key id.")
    secret_key: SecretStr | None = Field(default=None, description="The S3 secret key.")


class KeySettings(BaseSettings):
    """Where the keys are under which images are sealed (`PLATEWARD_KEYS_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_KEYS_")

    file: Path | None = Field(
        default=None, description="The file of the key that wraps all others: see `plateward keys`."
    )
    folder: Path | None = Field(
        default=None, description="A folder of this machine for the wrapped keys; used when no bucket is set."
    )
    bucket: str | None = Field(
        default=None,
        description="A bucket for the wrapped keys, on the images' S3 server, without versions or backups.",
    )


class PolicySettings(BaseSettings):
    """Where agencies' profiles are (`PLATEWARD_POLICY_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_POLICY_")

    profiles: Path | None = Field(default=None, description="A folder of profiles; unset, those that come along.")


class ProcessSettings(BaseSettings):
    """What every process needs to know."""

    http: HttpSettings = Field(default_factory=HttpSettings)
    log: LogSettings = Field(default_factory=LogSettings)


class ServiceSettings(ProcessSettings):
    """What every service of a region needs to know."""

    kafka: KafkaSettings = Field(default_factory=KafkaSettings)
