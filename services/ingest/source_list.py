"""The list of places that frames are taken from: folders, video files and streams, each for one camera."""

from pathlib import Path

import msgspec


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place: exactly one of folder, video and stream."""

    camera: str
    """The id of the camera whose frames these are; it must be registered."""
    frames_per_second: float
    """How many frames are taken at most."""
    folder: Path | None = None
    """A folder of JPEGs and PNGs, each taken once, in the order of their names."""
    video: Path | None = None
    """A video file, taken at the pace at which it was recorded."""
    stream: str | None = None
    """An address of a live stream, as rtsp://; it may hold a password, and is never logged."""
    loop: bool = False
    """Whether a folder or video begins again after its end."""
    still_frames: bool = False
    """Whether a video's or stream's frames are taken though nothing moves in them."""

    def __post_init__(self) -> None:
        """Raises ValueError, which reading the list shows as an error of the list."""
        if sum(place is not None for place in (self.folder, self.video, self.stream)) != 1:
            raise ValueError("exactly one of folder, video and stream must be there")
        if self.loop and self.stream is not None:
            raise ValueError("loop is for folders and videos")
        if not 0 < self.frames_per_second <= 60:
            raise ValueError("frames_per_second must be more than 0 and at most 60")

    @property
    def seconds_apart(self) -> float:
        """How long from one frame to the next."""
        return 1 / self.frames_per_second


def read_sources(file: Path) -> list[Source]:
    """The sources that a YAML file lists; raises ValueError with the item, the field and the rule, and OSError."""
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=list[Source], dec_hook=_place)
    except msgspec.DecodeError as error:
        raise ValueError(f"{file}: {error}") from error


def _place(kind: type[Path], value: str) -> Path:
    return kind(value)
