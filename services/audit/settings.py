"""What the audit service needs to know."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import ServiceSettings


class AuditSettings(ServiceSettings):
    """The audit service's settings (`PLATEWARD_AUDIT_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_AUDIT_")

    log_key_file: Path = Field(default=..., description="The key that signs checkpoints; `plateward key` makes one.")
    witnesses_file: Path | None = Field(
        default=None, description="Who cosigns checkpoints: a line for each witness, its public key and its URL."
    )
    checkpoint_seconds: float = Field(default=30, gt=0, le=60, description="How often a checkpoint is signed.")
    batch_max: int = Field(default=5000, ge=1, description="The most records that are appended in one transaction.")
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
