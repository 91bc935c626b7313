"""Signed statements: a text, who signed it, and the Ed25519 signature of exactly its bytes."""

import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


class NotSigned(ValueError):
    """The signature is not that of this key over this text."""


class SignedStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement as it is handed out: `signer` is the public key, in hexadecimal."""

    statement: str
    signature: str
    signer: str

    def check(self, trusted: str | None = None) -> None:
        """Raises NotSigned unless its signer has signed it, and is the trusted one where one is named."""
        if trusted is not None and self.signer != trusted:
            raise NotSigned(f"was signed by {self.signer}, not by {trusted}")
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.signer))
            key.verify(bytes.fromhex(self.signature), self.statement.encode())
        except (InvalidSignature, ValueError) as error:
            raise NotSigned("the signature does not fit the statement") from error


class Signer:
    """Signs statements."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def name(self) -> str:
        """The public key, in hexadecimal: what others know this signer by."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, statement: str) -> SignedStatement:
        """The statement, signed."""
        signature = self._key.sign(statement.encode()).hex()
        return SignedStatement(statement=statement, signature=signature, signer=self.name)


def make_signing_key(file: Path) -> Signer:
    """Makes a new key in a new file that its owner alone may read; raises FileExistsError."""
    key = Ed25519PrivateKey.generate()
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        written.flush()
        os.fsync(written.fileno())
    return Signer(key)


def read_signing_key(file: Path) -> Signer:
    """The key in this PEM file; raises ValueError and OSError."""
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file}: holds no Ed25519 key: plateward keys signing")
    return Signer(key)
