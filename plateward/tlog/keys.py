"""The keys of a log and of its witnesses, and what they sign (C2SP signed-note and tlog-cosignature; Ed25519).

A public key is written `name+id+base64`, a private one `PRIVATE+KEY+name+id+base64`, as Go's note package has them.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from plateward.tlog.notes import Signature, SignedNote, check_name
from plateward.tlog.text import Malformed, base64_of, bytes_of

_PRIVATE = "PRIVATE+KEY+"
_KEY_BYTES = 32
_TIME_BYTES = 8


class Role(IntEnum):
    """Whose key it is; the number is the type of its signatures."""

    LOG = 0x01
    WITNESS = 0x04


class NotSigned(Exception):
    """The note is not signed as it should be; says by whom."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What checks the signatures of a log or a witness."""

    name: str
    role: Role
    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in this text; raises Malformed."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        role, key = _typed(encoded)
        parsed = cls(check_name(name), role, key)
        if parsed.key_id.hex() != key_id:
            raise Malformed("the id of the key is not that of its name and content")
        return parsed

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64_of(bytes([self.role]) + self.key)}"

    @property
    def key_id(self) -> bytes:
        """The first four bytes of a hash of the name, the role and the key."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.role]) + self.key).digest()[:4]

    def check_log(self, note: SignedNote) -> None:
        """Returns where the note has the log's signature; raises NotSigned."""
        self._check(self._own(note), note.text.encode())

    def check_witness(self, note: SignedNote) -> datetime:
        """When this witness cosigned the note, in UTC; raises NotSigned."""
        signature = self._own(note)
        seconds = int.from_bytes(signature.content[:_TIME_BYTES], "big")
        unstamped = Signature(signature.name, signature.key_id, signature.content[_TIME_BYTES:])
        self._check(unstamped, _cosigned(note.text, seconds))
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise NotSigned(f"the time of {self.name}'s cosignature is none") from error

    def _own(self, note: SignedNote) -> Signature:
        for signature in note.signatures:
            if (signature.name, signature.key_id) == (self.name, self.key_id):
                return signature
        raise NotSigned(f"the note has no signature of {self.name} with the key {self.key_id.hex()}")

    def _check(self, signature: Signature, message: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature.content, message)
        except InvalidSignature as error:
            raise NotSigned(f"the signature of {self.name} does not hold") from error


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What signs for a log or a witness."""

    name: str
    role: Role
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str, role: Role) -> Self:
        """A new key; raises Malformed where the name is none."""
        return cls(check_name(name), role, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in this text; raises Malformed, and never quotes the text."""
        if not text.startswith(_PRIVATE):
            raise Malformed("a private key begins with PRIVATE+KEY+")
        name, _, rest = text.removeprefix(_PRIVATE).partition("+")
        key_id, _, encoded = rest.partition("+")
        role, seed = _typed(encoded)
        parsed = cls(check_name(name), role, seed)
        if parsed.public.key_id.hex() != key_id:
            raise Malformed("the id of the key is not that of its name and content")
        return parsed

    def written(self) -> str:
        """The key as its file holds it: a secret."""
        return f"{_PRIVATE}{self.name}+{self.public.key_id.hex()}+{base64_of(bytes([self.role]) + self.seed)}"

    @property
    def public(self) -> PublicKey:
        """What checks this key's signatures."""
        return PublicKey(self.name, self.role, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """A log's signature of a note's text."""
        return Signature(self.name, self.public.key_id, self._key.sign(text.encode()))

    def cosign(self, text: str, at: datetime) -> Signature:
        """A witness's signature of a checkpoint's text, with the time of it, in whole seconds."""
        seconds = int(at.timestamp())
        signed = self._key.sign(_cosigned(text, seconds))
        return Signature(self.name, self.public.key_id, seconds.to_bytes(_TIME_BYTES, "big") + signed)

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _typed(encoded: str) -> tuple[Role, bytes]:
    content = bytes_of(encoded, "the key")
    if len(content) != 1 + _KEY_BYTES or content[0] not in set(Role):
        raise Malformed("the key is no Ed25519 key of a log or a witness")
    return Role(content[0]), content[1:]
