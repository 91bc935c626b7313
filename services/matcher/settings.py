"""The matcher's settings (`PLATEWARD_MATCHER_…`, and the shared ones)."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from plateward.kernel.settings import ServiceSettings


class MatcherSettings(ServiceSettings):
    """What the matcher needs to know."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_MATCHER_")

    work_folder: Path = Field(default=Path("/tmp/plateward-matcher"), description="Where Faust keeps its own files.")  # noqa: S108
    batch_max: int = Field(default=2_000, ge=1, description="The most reads that are taken from Kafka at once.")
    sighting_window_seconds: int = Field(
        default=60, ge=0, description="How far apart passes of a vehicle by a camera may be to be one hit."
    )
