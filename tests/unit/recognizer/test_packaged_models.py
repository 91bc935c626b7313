from dataclasses import replace
from pathlib import Path

import pytest

from services.recognizer.adapters.packaged_models import DETECTOR, RECOGNISER, UnexpectedModel, characters_of, prepare


def test_the_packaged_recogniser_has_its_characters() -> None:
    characters = characters_of(RECOGNISER.packaged())
    assert len(characters) == 18_709
    assert characters[-1] == " "
    assert set("ABCXYZ0189") <= set(characters)


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    folder = prepare(DETECTOR, tmp_path)
    written = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert prepare(DETECTOR, tmp_path) == folder
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == written
    assert [each.name for each in tmp_path.iterdir()] == [folder.name]


def test_another_model_than_expected_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedModel, match="expected 0000"):
        prepare(replace(DETECTOR, sha256="0" * 64), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_cache_is_refused(tmp_path: Path) -> None:
    with (prepare(DETECTOR, tmp_path) / "inference.onnx").open("ab") as weights:
        weights.write(b"!")
    with pytest.raises(UnexpectedModel, match="SHA-256"):
        prepare(DETECTOR, tmp_path)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedModel, match="missing"):
        prepare(replace(DETECTOR, file="no-such-model.onnx"), tmp_path)
