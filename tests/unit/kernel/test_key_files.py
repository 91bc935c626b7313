"""Private keys in files."""

import os
from pathlib import Path

import pytest

from plateward.kernel.key_files import KeyFileError, create_key_file, read_key_file
from plateward.tlog.keys import Role


def test_a_key_is_its_owners_alone_and_comes_back(tmp_path: Path) -> None:
    file, previous = tmp_path / "log.key", os.umask(0)
    try:
        made = create_key_file(file, "region.example/access", Role.LOG)
    finally:
        os.umask(previous)
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_key_file(file, Role.LOG) == made


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    made = create_key_file(file, "region.example/access", Role.LOG)
    with pytest.raises(KeyFileError, match="never written over"):
        create_key_file(file, "region.example/access", Role.LOG)
    assert read_key_file(file, Role.LOG) == made


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o601, 0o620])
def test_a_key_that_is_open_to_others_is_not_used(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "log.key"
    create_key_file(file, "region.example/access", Role.LOG)
    file.chmod(mode)
    with pytest.raises(KeyFileError, match="open to others"):
        read_key_file(file, Role.LOG)


def test_a_key_of_another_role_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "witness.key"
    create_key_file(file, "witness.example", Role.WITNESS)
    with pytest.raises(KeyFileError, match="the key of a witness, not of a log"):
        read_key_file(file, Role.LOG)


def test_where_there_is_no_key_it_is_said_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="plateward key"):
        read_key_file(tmp_path / "none.key", Role.LOG)


def test_what_is_no_key_is_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "spoilt.key"
    file.touch(mode=0o600)
    file.write_text("PRIVATE+KEY+region+00000000+c2VjcmV0")
    with pytest.raises(KeyFileError) as refused:
        read_key_file(file, Role.LOG)
    assert "c2VjcmV0" not in str(refused.value)


def test_a_name_with_a_space_is_none(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be made"):
        create_key_file(tmp_path / "log.key", "the region", Role.LOG)
    assert not (tmp_path / "log.key").exists()
