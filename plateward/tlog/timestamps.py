"""Time-stamps of checkpoints by authorities that the log's owner does not run (RFC 3161).

A token is a line of signature under the checkpoint, of the type that signed notes keep for others' forms: it goes
wherever the checkpoint goes, and who does not know it passes over it.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from plateward.tlog.notes import Signature, SignedNote, check_name
from plateward.tlog.text import Malformed

_TYPE = b"\xffRFC 3161 time-stamp response over the text of the note"


class NotStamped(Exception):
    """No token under the checkpoint is one of a trusted authority for this checkpoint; says why."""


@dataclass(frozen=True, slots=True)
class StampRequest:
    """What an authority is asked: the hash of a checkpoint's text, and a number that its answer must repeat."""

    content: bytes
    nonce: int | None


@dataclass(frozen=True, slots=True)
class Authorities:
    """The certificates that a verifier trusts to have signed, or to vouch for those that signed, a token."""

    roots: tuple[Certificate, ...]

    @classmethod
    def parse(cls, pem: bytes) -> "Authorities":
        """The certificates in a PEM file; raises Malformed."""
        try:
            return cls(tuple(load_pem_x509_certificates(pem)))
        except ValueError as error:
            raise Malformed(f"the file is no list of certificates in PEM: {error}") from error

    def stamped_at(self, note: SignedNote, token: Signature, nonce: int | None = None) -> datetime:
        """When the authority saw the checkpoint, in UTC; raises NotStamped.

        What counts is whether its certificate was valid then, not whether it is still: it outlives its key.
        """
        try:
            response = decode_timestamp_response(token.content)
            self._verify(response, note, nonce)
            return response.tst_info.gen_time.astimezone(UTC)
        except (ValueError, VerificationError) as error:
            raise NotStamped(f"the time-stamp of {token.name} does not hold: {error}") from error

    def stamps_of(self, note: SignedNote) -> dict[str, datetime]:
        """When each authority saw the checkpoint, of those whose token holds; raises NotStamped where none does."""
        stamped, refused = dict[str, datetime](), list[str]()
        for token in tokens_of(note):
            try:
                stamped[token.name] = self.stamped_at(note, token)
            except NotStamped as error:
                refused.append(str(error))
        if not stamped:
            raise NotStamped("; ".join(refused) or "the checkpoint has no time-stamp")
        return stamped

    def _verify(self, response: TimeStampResponse, note: SignedNote, nonce: int | None) -> None:
        VerifierBuilder(roots=list(self.roots), nonce=nonce).build().verify_message(response, note.text.encode())


def stamp_request(note: SignedNote) -> StampRequest:
    """What to ask an authority for this checkpoint."""
    request = (
        TimestampRequestBuilder()
        .data(note.text.encode())
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
    ).build()
    return StampRequest(request.as_bytes(), request.nonce)


def token_line(name: str, response: bytes) -> Signature:
    """An authority's answer as a line under the checkpoint; raises Malformed where the name is none."""
    return Signature(check_name(name), _key_id(name), response)


def tokens_of(note: SignedNote) -> tuple[Signature, ...]:
    """The lines of a note that are time-stamps."""
    return tuple(one for one in note.signatures if one.key_id == _key_id(one.name))


def _key_id(name: str) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + _TYPE).digest()[:4]
