"""A folder of photographs as a feed: its sub-folders are cameras, its `truth.csv` says what they show."""

import csv
from collections.abc import Iterator
from pathlib import Path

from demo.region import DemoCamera, DemoEntry, Region
from demo.shots import Shot
from plateward.plates.normalise import NotAPlate, normalise

PICTURES = (".jpg", ".jpeg", ".png")
LISTED_EVERY = 10
"""Every tenth true plate is put on the hot list of the camera's agency."""


class Photographs:
    """The photographs below a folder, in the order of their names."""

    def __init__(self, folder: Path, region: Region) -> None:
        self._folder = folder
        self._files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in PICTURES)
        if not self._files:
            raise FileNotFoundError(f"{folder}: holds no photographs ({', '.join(PICTURES)})")
        there = {file.relative_to(folder).as_posix() for file in self._files}
        self._truth = {file: plate for file, plate in _truth(folder / "truth.csv").items() if file in there}
        self._agencies = sorted({camera.agency for camera in region.cameras})
        self._region = region

    @property
    def has_truth(self) -> bool:
        """Whether the folder says what the photographs show."""
        return bool(self._truth)

    def cameras(self) -> tuple[DemoCamera, ...]:
        """A camera for each sub-folder, given to the region's agencies in turn."""
        names = sorted({self._camera_name(file) for file in self._files})
        return tuple(
            DemoCamera(
                id=f"photographs-{name}",
                agency=self._agencies[number % len(self._agencies)],
                name=f"Photographs in {name}",
                latitude=0.0,
                longitude=0.0,
            )
            for number, name in enumerate(names)
        )

    def entries(self) -> tuple[DemoEntry, ...]:
        """Every tenth true plate, entered by somebody of its camera's agency."""
        agencies = {camera.id: camera.agency for camera in self.cameras()}
        listed = list(self._truth.items())[::LISTED_EVERY]
        return tuple(self._entry(file, plate, agencies) for file, plate in listed)

    def shots(self) -> Iterator[Shot]:
        """The photographs one after the other."""
        listed = {(entry.passes, entry.plate): entry for entry in self.entries()}
        for file in self._files:
            camera_id = f"photographs-{self._camera_name(file)}"
            plate = self._truth.get(file.relative_to(self._folder).as_posix())
            entry = listed.get((camera_id, plate)) if plate else None
            yield Shot(camera_id, file.read_bytes(), plate, entry)

    def _camera_name(self, file: Path) -> str:
        parts = file.relative_to(self._folder).parts
        return parts[0] if len(parts) > 1 else "folder"

    def _entry(self, file: str, plate: str, agencies: dict[str, str]) -> DemoEntry:
        camera_id = f"photographs-{self._camera_name(self._folder / file)}"
        person = self._region.enterer(agencies[camera_id])
        return DemoEntry(
            by=person.username,
            plate=plate,
            category="stolen-vehicle",
            priority="high",
            case_number="26-000001",
            reason="Listed to measure the line on photographs",
            requested_by=person.name,
            contact="ext. 1",
            passes=camera_id,
        )


def _truth(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as rows:
        return {row["file"]: plate for row in csv.DictReader(rows) if (plate := _plate(row["plate"])) is not None}


def _plate(text: str) -> str | None:
    try:
        return normalise(text)
    except NotAPlate:
        return None
