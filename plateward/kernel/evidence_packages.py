"""Evidence packages: a zip that is read without Plateward, and checked offline with it, or by hand.

SHA256SUMS lists every other file, as `sha256sum --check` reads it; signature.json is the signature over exactly that
text. A package that lacks a file, has one more, or has one changed does not check.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from plateward.kernel.signatures import NotSigned, SignedStatement, Signer

SUMS, SIGNATURE = "SHA256SUMS", "signature.json"


class NotEvidence(ValueError):
    """The package is not as it was signed; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a package that checks holds."""

    files: int
    signer: str


def packed(files: Mapping[str, bytes], signer: Signer) -> bytes:
    """The package of these files, summed and signed."""
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    signature = msgspec.json.format(msgspec.json.encode(signer.sign(sums)), indent=2)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in [*sorted(files.items()), (SUMS, sums.encode()), (SIGNATURE, signature)]:
            package.writestr(name, data)
    return written.getvalue()


def check_package(file: Path, trusted: str | None = None) -> Checked:
    """Raises NotEvidence unless every file is there as it was signed, by the trusted signer where one is named."""
    try:
        with zipfile.ZipFile(file) as package:
            names = package.namelist()
            if len(names) != len(set(names)):
                raise NotEvidence("holds two files of one name")
            signed = msgspec.json.decode(package.read(SIGNATURE), type=SignedStatement)
            signed.check(trusted)
            if package.read(SUMS).decode() != signed.statement:
                raise NotEvidence(f"{SUMS} is not what was signed")
            sums = {name: sha256 for sha256, name in (line.split("  ", 1) for line in signed.statement.splitlines())}
            if strays := sorted(set(names) - sums.keys() - {SUMS, SIGNATURE}):
                raise NotEvidence(f"{strays[0]} was not signed")
            for name, sha256 in sums.items():
                if name not in names:
                    raise NotEvidence(f"{name} is missing")
                if hashlib.sha256(package.read(name)).hexdigest() != sha256:
                    raise NotEvidence(f"{name} was changed")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        if isinstance(error, NotEvidence):
            raise
        reason = str(error) if isinstance(error, NotSigned) else f"is no evidence package: {error}"
        raise NotEvidence(reason) from error
    return Checked(len(sums), signed.signer)
