"""The settings of ingest (`PLATEWARD_INGEST_…`)."""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import ServiceSettings


class IngestSettings(ServiceSettings):
    """What ingest needs to know."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_INGEST_")

    database: DatabaseSettings = Field(default_factory=DatabaseSettings, description="Where cameras are on file.")
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
