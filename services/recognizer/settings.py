"""The recogniser's settings (`PLATEWARD_RECOGNIZER_…`, and the shared ones)."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from plateward.kernel.settings import BlobSettings, KeySettings, PolicySettings, ServiceSettings


class RecognizerSettings(ServiceSettings):
    """What the recogniser needs to know."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_RECOGNIZER_")

    blobs: BlobSettings = Field(default_factory=BlobSettings)
    keys: KeySettings = Field(default_factory=KeySettings)
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
    frame_age_max_seconds: float = Field(
        default=60.0, gt=0, description="A frame that was received longer ago than this is passed over as stale."
    )
    sure_confidence: float = Field(
        default=0.95, gt=0, le=1, description="A pass voted as sure as this is told at once; others when they are over."
    )
    pass_gap_seconds: float = Field(
        default=1.0, gt=0, description="A pass is told when its plate is out of sight, or its camera silent, this long."
    )
    pass_unseen_seconds: float = Field(
        default=3.0, gt=0, description="A plate seen again after at most this long is still on the same pass."
    )
    pass_longest_seconds: float = Field(
        default=15.0, gt=0, description="A pass is over after this long: who is still there has stopped."
    )
    parked_seconds: float = Field(
        default=3600.0, gt=0, description="For how long after its read a vehicle that stands gives no other."
    )
