import stat
from pathlib import Path

import pytest

from plateward.kernel.key_encryption import CannotUnwrap, LocalKeyFile, add_key, read_key_file

SECRET, CONTEXT = bytes(32), "2026-03-01/barstow/k1"


async def test_a_wrapped_key_is_unwrapped_for_what_it_is_the_key_of(tmp_path: Path) -> None:
    add_key(tmp_path / "keys.txt")
    keys = read_key_file(tmp_path / "keys.txt")
    name, wrapped = await keys.wrap(SECRET, CONTEXT)
    assert await keys.unwrap(name, wrapped, CONTEXT) == SECRET
    with pytest.raises(CannotUnwrap, match="k2"):
        await keys.unwrap(name, wrapped, CONTEXT.replace("k1", "k2"))


async def test_the_last_key_wraps_and_all_unwrap(tmp_path: Path) -> None:
    file = tmp_path / "keys.txt"
    add_key(file)
    old = read_key_file(file)
    name, wrapped = await old.wrap(SECRET, CONTEXT)
    add_key(file)
    both = read_key_file(file)
    assert await both.unwrap(name, wrapped, CONTEXT) == SECRET
    newer, again = await both.wrap(SECRET, CONTEXT)
    assert newer != name
    with pytest.raises(CannotUnwrap, match=newer):
        await old.unwrap(newer, again, CONTEXT)


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    add_key(tmp_path / "of" / "its" / "own" / "keys.txt")
    assert stat.S_IMODE((tmp_path / "of" / "its" / "own" / "keys.txt").stat().st_mode) == 0o600


@pytest.mark.parametrize("lines", [[], ["short"], ["a" * 64, "b" * 31]])
def test_a_file_that_holds_no_keys_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError, match="plateward keys new"):
        LocalKeyFile(lines)
