"""What the demo's cameras send: rendered traffic, or a folder's photographs."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from demo.photographs import Photographs
from demo.region import load_region
from demo.shots import EMPTY_ROAD_EVERY, Shot, demo_traffic
from plateward.policy.catalogue import load_catalogue

REGION = load_region()

Lay = Callable[..., Photographs]


@pytest.fixture(scope="module")
def passes() -> list[Shot]:
    """Three passes of every camera: enough for each listed vehicle."""
    return list(demo_traffic(REGION, 3))


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Lays files, and the truth of them, into a folder."""

    def photographs(*files: str, truth: dict[str, str] | None = None) -> Photographs:
        for file in files:
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.encode())
        if truth is not None:
            rows = [f"{file},{plate}" for file, plate in truth.items()]
            (tmp_path / "truth.csv").write_text("\n".join(["file,plate", *rows]) + "\n", encoding="utf-8")
        return Photographs(tmp_path, REGION)

    return photographs


def test_the_region_is_whole() -> None:
    agencies = {camera.agency for camera in REGION.cameras}
    assert agencies == set(load_catalogue())
    assert {person.agency for person in REGION.dispatchers()} == agencies
    cameras = {camera.id: camera.agency for camera in REGION.cameras}
    assert all(cameras[entry.passes or ""] == REGION.agency_of(entry.by) for entry in REGION.entries)


def test_traffic_is_the_same_for_a_seed_and_another_for_another(passes: list[Shot]) -> None:
    first = passes[:4]
    assert list(islice(demo_traffic(REGION, 3), 4)) == first
    assert [shot.picture for shot in islice(demo_traffic(REGION, 3, seed=7), 4)] != [shot.picture for shot in first]


def test_each_camera_sends_in_turn(passes: list[Shot]) -> None:
    assert [shot.camera_id for shot in passes] == [camera.id for camera in REGION.cameras] * 3


def test_each_listed_vehicle_passes_its_camera_once(passes: list[Shot]) -> None:
    listed = [(shot.camera_id, shot.plate, shot.listed) for shot in passes if shot.listed is not None]
    assert sorted(str(one) for one in listed) == sorted(str((one.passes, one.plate, one)) for one in REGION.entries)


def test_some_roads_are_empty_and_say_so(passes: list[Shot]) -> None:
    empty = [shot for shot in passes if shot.plate is None]
    assert 0 < len(empty) <= len(passes) // EMPTY_ROAD_EVERY
    assert all(shot.listed is None for shot in empty)
    assert all(shot.picture.startswith(b"\xff\xd8") for shot in passes)


def test_sub_folders_are_cameras_of_the_agencies_in_turn(lay: Lay) -> None:
    photographs = lay("north/1.jpg", "south/deep/2.JPG", "3.png")
    assert [(camera.id, camera.agency) for camera in photographs.cameras()] == [
        ("photographs-folder", "barstow"),
        ("photographs-north", "flagstaff"),
        ("photographs-south", "florence"),
    ]


def test_photographs_come_in_the_order_of_their_names_with_their_truth(lay: Lay) -> None:
    photographs = lay("b/2.jpg", "b/1.jpeg", "a/9.png", "a/notes.txt", truth={"b/1.jpeg": "abc 123", "a/9.png": "??"})
    assert [(shot.camera_id, shot.picture, shot.plate) for shot in photographs.shots()] == [
        ("photographs-a", b"a/9.png", None),
        ("photographs-b", b"b/1.jpeg", "ABC123"),
        ("photographs-b", b"b/2.jpg", None),
    ]
    assert photographs.has_truth


def test_every_tenth_true_plate_is_listed_by_somebody_of_its_cameras_agency_who_may(lay: Lay) -> None:
    truth = {f"{'ab'[number % 2]}/{number:02}.jpg": f"PLATE{number:02}" for number in range(21)}
    photographs = lay(*truth, truth=truth)
    assert [entry.plate for entry in photographs.entries()] == ["PLATE00", "PLATE10", "PLATE20"]
    cameras = {camera.id: camera.agency for camera in photographs.cameras()}
    people = {person.username: person for person in REGION.people}
    for entry in photographs.entries():
        person = people[entry.by]
        assert person.agency == cameras[entry.passes or ""]
        assert "enter-entries" in load_catalogue()[person.agency].rights_of(person.title)
    assert {shot.plate for shot in photographs.shots() if shot.listed} == {"PLATE00", "PLATE10", "PLATE20"}


def test_truth_of_a_photograph_that_is_not_there_lists_nothing(lay: Lay) -> None:
    photographs = lay("a/1.jpg", truth={"gone/0.jpg": "GONE00", "a/1.jpg": "HERE11"})
    assert [entry.plate for entry in photographs.entries()] == ["HERE11"]


def test_a_folder_without_truth_has_no_entries(lay: Lay) -> None:
    photographs = lay("1.jpg")
    assert photographs.entries() == ()
    assert not photographs.has_truth
    assert [shot.plate for shot in photographs.shots()] == [None]


def test_a_folder_without_photographs_is_an_error(lay: Lay) -> None:
    with pytest.raises(FileNotFoundError, match="holds no photographs"):
        lay("readme.txt")
