"""The signatures under an MOU: Ed25519 over the canonical document, by keys that are on file for each agency."""

from datetime import datetime
from typing import Protocol

import msgspec

from plateward.contracts.access import Actor
from plateward.kernel.signatures import NotSigned, SignedStatement, Signer
from services.gateway.sharing.mou import Mou, Signature, Terms


class AgencyKeys(Protocol):
    """The keys of agencies: to sign with for those whose keys are kept here, to check by for all."""

    def signer(self, agency_id: str) -> Signer | None:
        """What signs for the agency; None where its key is not kept here."""

    def trusted(self, agency_id: str) -> str | None:
        """The public key by which the agency's signatures are known, in hexadecimal; None where none is on file."""


def canonical(terms: Terms) -> str:
    """The document that is signed: the same terms, the same text, whatever wrote them down."""
    return msgspec.json.encode(msgspec.to_builtins(terms), order="sorted").decode()


def signed(terms: Terms, signer: Signer, agency_id: str, by: Actor, at: datetime) -> Signature:
    """The agency's signature under these terms."""
    statement = signer.sign(canonical(terms))
    return Signature(agency_id=agency_id, signer=statement.signer, signature=statement.signature, by=by, at=at)


def bears(terms: Terms, signature: Signature, keys: AgencyKeys) -> bool:
    """Whether the signature is of these terms, by the key that is on file for its agency."""
    trusted = keys.trusted(signature.agency_id)
    if trusted is None:
        return False
    statement = SignedStatement(statement=canonical(terms), signature=signature.signature, signer=signature.signer)
    try:
        statement.check(trusted)
    except NotSigned:
        return False
    return True


def with_true_signatures(mou: Mou, keys: AgencyKeys) -> Mou:
    """The MOU with the signatures that hold: what somebody wrote into the store is no signature."""
    true = tuple(one for one in mou.signatures if mou.is_party(one.agency_id) and bears(mou.terms, one, keys))
    return msgspec.structs.replace(mou, signatures=true)
