"""What the retention service needs to know."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import BlobSettings, KeySettings, PolicySettings, ServiceSettings


class RetentionSettings(ServiceSettings):
    """The retention service's settings (`PLATEWARD_RETENTION_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_RETENTION_")

    batch_max: int = Field(default=5000, ge=1, description="The most reads that are stored at once.")
    purge_every_seconds: int = Field(default=300, ge=1, description="How often to look for days that are over.")
    ahead_days: int = Field(default=7, ge=1, description="For how many coming days partitions are made ahead.")
    signing_key_file: Path | None = Field(
        default=None, description="The Ed25519 key that signs purge certificates: `plateward keys signing`."
    )
    clock_jump_hours: int = Field(
        default=72, ge=1, description="After so long without a purge a person must say that the time is right."
    )
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    blobs: BlobSettings = Field(default_factory=BlobSettings)
    keys: KeySettings = Field(default_factory=KeySettings)
    policy: PolicySettings = Field(default_factory=PolicySettings)
