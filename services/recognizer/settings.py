"""The recogniser's settings (`PLATEWARD_RECOGNIZER_…`, and the shared ones)."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from plateward.kernel.settings import BlobSettings, PolicySettings, ServiceSettings


class RecognizerSettings(ServiceSettings):
    """What the recogniser needs to know."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_RECOGNIZER_")

    blobs: BlobSettings = Field(default_factory=BlobSettings)
    policy: PolicySettings = Field(default_factory=PolicySettings)
    models_folder: Path = Field(
        default=Path("/tmp/plateward-models"),  # noqa: S108
        description="Where PaddleOCR's models are laid out at the start, from their package.",
    )
    engine: Literal["fast", "accurate", "paddle"] = Field(
        default="fast",
        description="fast: for live cameras; accurate: twice as long; paddle: PaddleOCR as published, the slowest.",
    )
    regions: str = Field(
        default="us,eu,br",
        pattern=r"^(us|eu|br)(,(us|eu|br))*$",
        description="Whose plate formats to expect, by comma; the fewer, the better they tell look-alikes apart.",
    )
    threads: int = Field(default=1, ge=1, description="Threads of the engine; processes scale better.")
    scene_longest_px: int = Field(default=1280, ge=320, description="The longer side of the scene's kept picture.")
    jpeg_quality: int = Field(default=85, ge=40, le=100, description="JPEG quality of the kept pictures.")
