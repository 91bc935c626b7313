"""The file of witnesses: a line for each, its public key and its URL."""

from pathlib import Path

from plateward.tlog.keys import PublicKey, Role
from plateward.tlog.text import Malformed


class WitnessListError(Exception):
    """The file is not a list of witnesses; names the line."""


def read_witnesses(file: Path) -> list[tuple[PublicKey, str]]:
    """The keys and URLs in a file; empty lines, and those that begin with #, say nothing. Raises WitnessListError."""
    witnesses = []
    for place, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            witnesses.append(_witness(line, f"{file}:{place}"))
    return witnesses


def _witness(line: str, where: str) -> tuple[PublicKey, str]:
    words = line.split()
    if len(words) != 2:
        raise WitnessListError(f"{where}: is not a key and a URL")
    try:
        key = PublicKey.parse(words[0])
    except Malformed as error:
        raise WitnessListError(f"{where}: {error}") from error
    if key.role is not Role.WITNESS:
        raise WitnessListError(f"{where}: the key is not a witness's")
    return key, words[1]
