"""Private keys of logs and witnesses in files: made explicitly, once, and read where nobody else can."""

import os
import stat
from pathlib import Path

from plateward.tlog.keys import PrivateKey, Role
from plateward.tlog.text import Malformed

_OTHERS = stat.S_IRWXO | stat.S_IWGRP


class KeyFileError(Exception):
    """The file cannot be used as a private key; says why, and what to do."""


def create_key_file(file: Path, name: str, role: Role) -> PrivateKey:
    """Makes a new key in a new file that its owner alone may read; raises KeyFileError, also where there is one."""
    try:
        key = PrivateKey.generate(name, role)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(key.written() + "\n")
            written.flush()
            os.fsync(written.fileno())
    except FileExistsError as error:
        raise KeyFileError(f"{file} exists: a key is never written over") from error
    except (OSError, Malformed) as error:
        raise KeyFileError(f"{file} cannot be made: {error}") from error
    return key


def read_key_file(file: Path, role: Role) -> PrivateKey:
    """The key in this file; raises KeyFileError where it is none, of another role, or readable by all.

    The group may read: it is how a container gets to read a secret that is mounted into it.
    """
    try:
        if file.stat().st_mode & _OTHERS:
            raise KeyFileError(f"{file} is open to others: chmod 600")
        key = PrivateKey.parse(file.read_text(encoding="utf-8").removesuffix("\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{file} cannot be read: {error}; `plateward key` makes one") from error
    except Malformed as error:
        raise KeyFileError(f"{file} holds no key: {error}") from error
    if key.role is not role:
        raise KeyFileError(f"{file} holds the key of a {key.role.name.lower()}, not of a {role.name.lower()}")
    return key
