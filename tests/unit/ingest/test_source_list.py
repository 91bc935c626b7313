"""The list of sources says what is wrong with it."""

from pathlib import Path

import pytest

from services.ingest.source_list import Source, read_sources


def listed(folder: Path, text: str) -> list[Source]:
    file = folder / "sources.yaml"
    file.write_text(text)
    return read_sources(file)


def test_all_kinds_of_sources(tmp_path: Path) -> None:
    text = """
- {camera: a, folder: /frames/a, frames_per_second: 2, loop: true}
- {camera: b, video: b.mp4, frames_per_second: 0.5}
- {camera: c, stream: "rtsp://c.example/1", frames_per_second: 4}
"""
    assert listed(tmp_path, text) == [
        Source(camera="a", folder=Path("/frames/a"), frames_per_second=2, loop=True),
        Source(camera="b", video=Path("b.mp4"), frames_per_second=0.5),
        Source(camera="c", stream="rtsp://c.example/1", frames_per_second=4),
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("[{camera: a, frames_per_second: 1}]", "exactly one of folder, video and stream must be there"),
        ("[{camera: a, folder: x, video: y, frames_per_second: 1}]", "exactly one of folder, video and stream"),
        ("[{camera: a, stream: x, loop: true, frames_per_second: 1}]", "loop is for folders and videos"),
        ("[{camera: a, folder: x, frames_per_second: 0}]", "frames_per_second must be more than 0"),
        ("[{camera: a, folder: x, frames_per_second: .nan}]", "frames_per_second must be more than 0"),
        ("[{camera: a, folder: x, frames_per_second: 61}]", "at most 60"),
        ("[{camera: a, folder: x}]", "missing required field `frames_per_second`"),
        ("[{camera: a, folder: x, frames_per_second: 1, fps: 2}]", "unknown field `fps`"),
        ("[{camera: a, folder: 5, frames_per_second: 1}]", r"\$\[0\]\.folder"),
        ("camera: a", "Expected `array`"),
        ("[", r"sources\.yaml: "),
    ],
)
def test_a_list_that_can_not_be_used(tmp_path: Path, text: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        listed(tmp_path, text)
