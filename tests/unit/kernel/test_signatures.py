import stat
from pathlib import Path

import msgspec
import pytest

from plateward.kernel.signatures import NotSigned, make_signing_key, read_signing_key


def test_a_statement_is_signed_by_the_key_of_a_file(tmp_path: Path) -> None:
    made = make_signing_key(tmp_path / "signing.pem")
    assert stat.S_IMODE((tmp_path / "signing.pem").stat().st_mode) == 0o600
    signed = read_signing_key(tmp_path / "signing.pem").sign("This is gone.")
    assert signed.signer == made.name
    signed.check(trusted=made.name)


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    make_signing_key(tmp_path / "signing.pem")
    with pytest.raises(FileExistsError):
        make_signing_key(tmp_path / "signing.pem")


@pytest.mark.parametrize("change", [{"statement": "This is gone!"}, {"signature": "00" * 64}, {"signer": "zz"}])
def test_what_was_changed_is_not_signed(tmp_path: Path, change: dict[str, str]) -> None:
    signed = make_signing_key(tmp_path / "signing.pem").sign("This is gone.")
    with pytest.raises(NotSigned):
        msgspec.structs.replace(signed, **change).check()


def test_another_signer_is_not_the_trusted_one(tmp_path: Path) -> None:
    ours, other = make_signing_key(tmp_path / "a.pem"), make_signing_key(tmp_path / "b.pem")
    with pytest.raises(NotSigned, match="not by"):
        other.sign("This is gone.").check(trusted=ours.name)
