"""The gateway's settings (`PLATEWARD_GATEWAY_…`, and the shared ones)."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import BlobSettings, PolicySettings, ServiceSettings


class GatewaySettings(ServiceSettings):
    """What the gateway needs to know."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_GATEWAY_")

    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    blobs: BlobSettings = Field(default_factory=BlobSettings)
    policy: PolicySettings = Field(default_factory=PolicySettings)
    record_within_seconds: float = Field(
        default=3.0, gt=0, description="How long an access record may take to be durable before the answer is 503."
    )
    case_registers: dict[str, str] = Field(
        default_factory=dict,
        description="Where agencies' registers of cases (CAD, RMS) answer, as JSON: agency id to URL.",
    )
    case_register_token: SecretStr | None = Field(
        default=None, description="The bearer token by which the gateway asks those registers."
    )
