"""MOUs for tests: whole documents, signed by both, of which a test names what it is about."""

from datetime import UTC, datetime, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from plateward.contracts.access import Actor
from plateward.kernel.signatures import Signer
from plateward.policy.catalogue import load_catalogue
from services.gateway.sharing.admissible import party_of
from services.gateway.sharing.inquiry import PartnerInquiry
from services.gateway.sharing.mou import Mou, Terms
from services.gateway.sharing.signing import signed

POLICIES = load_catalogue()
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class Keys:
    """A key of its own for each agency."""

    def __init__(self) -> None:
        self._signers = {agency: Signer(Ed25519PrivateKey.generate()) for agency in (*POLICIES, "ashgrove")}

    def signer(self, agency_id: str) -> Signer | None:
        return self._signers.get(agency_id)

    def trusted(self, agency_id: str) -> str | None:
        return self._signers[agency_id].name if agency_id in self._signers else None


KEYS = Keys()


def an_actor(agency: str, title: str = "Lieutenant") -> Actor:
    return Actor(person_id="1", username="duarte", name="N. Duarte", title=title, agency_id=agency)


def some_terms(grantor: str = "stockton", grantee: str = "barstow", /, **changes: object) -> Terms:
    terms = Terms(
        mou_id=f"{grantor}-{grantee}",
        version=1,
        grantor=party_of(POLICIES[grantor]),
        grantee=party_of(POLICIES[grantee]),
        purposes=("stolen-vehicle",),
        data_kinds=("reads",),
        starts_at=AT - timedelta(days=30),
        ends_at=AT + timedelta(days=30),
    )
    return msgspec.structs.replace(terms, **changes)


def proposed(terms: Terms) -> Mou:
    return Mou(terms=terms, proposed_by=an_actor(terms.grantee.agency_id), proposed_at=AT - timedelta(days=40))


def agreed(terms: Terms) -> Mou:
    """The MOU, signed by both."""
    signatures = []
    for party in terms.parties:
        signer = KEYS.signer(party.agency_id)
        assert signer is not None
        signatures.append(signed(terms, signer, party.agency_id, an_actor(party.agency_id), AT - timedelta(days=35)))
    return msgspec.structs.replace(proposed(terms), signatures=tuple(signatures))


def an_inquiry(agency: str = "barstow", **changes: object) -> PartnerInquiry:
    fields = {
        "kind": "law-enforcement",
        "purpose": "stolen-vehicle",
        "offence_class": "",
        "asks": frozenset(),
        "at": AT,
    }
    return PartnerInquiry(agency_id=agency, **(fields | changes))  # type: ignore[arg-type]
