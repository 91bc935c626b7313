"""The settings of ingest (`PLATEWARD_INGEST_…`)."""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import BlobSettings, KeySettings, PolicySettings, ServiceSettings


class MqttSettings(BaseSettings):
    """The MQTT broker that Frigate tells its reads (`PLATEWARD_MQTT_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_MQTT_")

    host: str | None = Field(default=None, description="The broker; unset, none is listened to.")
    port: int = Field(default=8883, ge=1, le=65535, description="The broker's port.")
    tls: bool = Field(default=True, description="Whether to speak TLS with the broker.")
    ca_file: Path | None = Field(default=None, description="The authority that signed its key; unset, the system's.")
    username: str | None = Field(default=None, description="The user at the broker.")
    password: SecretStr | None = Field(default=None, description="Its password.")
    client_id: str | None = Field(
        default=None,
        description="A name for this one process, under which the broker keeps what comes while it is away.",
    )
    topic_prefix: str = Field(default="frigate", description="Frigate's topic_prefix.")
    cameras: dict[str, str] = Field(
        default={},
        description='The ids of cameras by the names that Frigate has for them, as JSON: {"drive": "main-1"}.',
    )


class IngestSettings(ServiceSettings):
    """What ingest needs to know."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_INGEST_")

    database: DatabaseSettings = Field(default_factory=DatabaseSettings, description="Where cameras are on file.")
    blobs: BlobSettings = Field(default_factory=BlobSettings)
    keys: KeySettings = Field(default_factory=KeySettings)
    policy: PolicySettings = Field(default_factory=PolicySettings)
    mqtt: MqttSettings = Field(default_factory=MqttSettings)
    frame_bytes_max: int = Field(
        default=20 * 1024 * 1024, ge=1, description="The largest picture that is taken, in bytes as it is sent."
    )
    pixels_max: int = Field(
        default=40_000_000, ge=1, description="The most pixels that a picture may have; one takes 3 bytes decoded."
    )
    frames_in_flight_max: int = Field(
        default=32, ge=1, description="Frames taken at a time; the next is answered with 503."
    )
    upload_seconds_max: float = Field(
        default=30.0, gt=0, description="How long a picture may take to arrive, in seconds."
    )
    acknowledge_seconds_max: float = Field(
        default=10.0, gt=0, description="How long Kafka may take to acknowledge a frame, in seconds; then it is 503."
    )
    decoders: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        description="Pictures decoded at a time, each in a thread; unset, one for each processor.",
    )
    look_every_seconds: float = Field(
        default=5.0,
        gt=0,
        le=20,
        description="How often it is looked at how the cameras are, in seconds; silence is said within twice that.",
    )
    bad_frames: int = Field(
        default=5, ge=1, description="Frames in a row that are blank or don't decode, after which a camera is faulty."
    )
    sources_file: Path | None = Field(
        default=None,
        description="A YAML list of folders, videos and streams to take frames from; unset, cameras send theirs.",
    )
    mappings_folder: Path | None = Field(
        default=None,
        description="A folder of mapping files (*.yaml) for edge readers that have no door of their own.",
    )
