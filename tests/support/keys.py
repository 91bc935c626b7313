"""Keys for tests: a key file and an empty keyring."""

from pathlib import Path

from plateward.kernel.key_encryption import add_key
from plateward.kernel.settings import KeySettings


def key_settings(folder: Path) -> KeySettings:
    """Keys of this folder's own."""
    file = folder / "keys.txt"
    add_key(file)
    return KeySettings(file=file, folder=folder / "keyring")
