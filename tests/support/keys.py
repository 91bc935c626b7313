"""Keys for tests: a key file and an empty keyring."""

from collections.abc import Iterable
from pathlib import Path

from plateward.kernel.key_encryption import add_key
from plateward.kernel.settings import KeySettings
from plateward.kernel.signatures import make_signing_key


def key_settings(folder: Path) -> KeySettings:
    """Keys of this folder's own."""
    file = folder / "keys.txt"
    add_key(file)
    return KeySettings(file=file, folder=folder / "keyring")


def agency_keys(folder: Path, agencies: Iterable[str]) -> Path:
    """The folder, with a key for each agency to sign agreements by."""
    for agency in agencies:
        make_signing_key(folder / f"{agency}.pem")
    return folder
