"""What the witness needs to know."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from plateward.kernel.settings import ProcessSettings


class WitnessSettings(ProcessSettings):
    """The witness's settings (`PLATEWARD_WITNESS_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_WITNESS_")

    key_file: Path = Field(default=..., description="The key that cosigns; `plateward key` makes one.")
    logs_file: Path = Field(default=..., description="The logs that are watched: a line for each, its public key.")
    folder: Path = Field(default=..., description="Where the last checkpoint of each log is kept; never delete it.")
