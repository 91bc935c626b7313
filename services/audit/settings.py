"""What the audit service needs to know."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import ServiceSettings


class AuditSettings(ServiceSettings):
    """The audit service's settings (`PLATEWARD_AUDIT_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_AUDIT_")

    batch_max: int = Field(default=500, ge=1, description="The most records that are appended in one transaction.")
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
