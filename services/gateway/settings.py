"""The gateway's settings (`PLATEWARD_GATEWAY_…`, and the shared ones)."""

from pydantic import Field
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
    body_bytes_max: int = Field(default=1_048_576, ge=1024, description="The most bytes that a request may bring.")
    sign_ins_per_minute: int = Field(
        default=60,
        ge=1,
        description="How often an address may try to sign in, counted over all processes; then it is 429. Behind a "
        "proxy, name the proxy in FORWARDED_ALLOW_IPS, or all people share its address.",
    )
    requests_per_minute: int = Field(
        default=1200,
        ge=1,
        description="How often a person may ask, counted by each process for itself; then it is 429. Streams are free.",
    )
