"""What the audit service needs to know."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import ServiceSettings
from services.audit.watching.thresholds import Thresholds


class AuditSettings(ServiceSettings):
    """The audit service's settings (`PLATEWARD_AUDIT_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_AUDIT_")

    log_key_file: Path = Field(default=..., description="The key that signs checkpoints; `plateward key` makes one.")
    witnesses_file: Path | None = Field(
        default=None, description="Who cosigns checkpoints: a line for each witness, its public key and its URL."
    )
    checkpoint_seconds: float = Field(default=30, gt=0, le=60, description="How often a checkpoint is signed.")
    timestamp_url: str | None = Field(
        default=None, pattern=r"^https?://", description="A time-stamp authority (RFC 3161) that is shown checkpoints."
    )
    timestamp_certificates_file: Path | None = Field(
        default=None, description="The certificates (PEM) that its answers are checked with; needed where it is asked."
    )
    timestamp_seconds: float = Field(
        default=600, ge=10, description="How often the newest checkpoint is stamped, where it is another one."
    )
    batch_max: int = Field(default=5000, ge=1, description="The most records that are appended in one transaction.")
    watch_seconds: float = Field(
        default=5, gt=0, le=60, description="How often the watch for misuse looks for new records: so late an alarm is."
    )
    watch_remembers_days: int = Field(
        default=365, ge=90, description="How far back the watch reads the log when it starts, to know people's habits."
    )
    watch_thresholds: Thresholds = Field(
        default_factory=Thresholds,
        description="From where on something is an alarm, as a JSON object of those that differ from the defaults in "
        '`services/audit/watching/thresholds.py`, such as `{"burst_looks": 30}`; times in seconds.',
    )
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)

    @model_validator(mode="after")
    def _check_answers(self) -> Self:
        if self.timestamp_url and not self.timestamp_certificates_file:
            raise ValueError("timestamp_certificates_file is needed where timestamp_url is set")
        return self
