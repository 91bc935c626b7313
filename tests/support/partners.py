"""Agencies of other deployments and their machine clients, as a gateway knows them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from plateward.client import Asker, ClientKey, PartnerClient, Patience, asking
from plateward.contracts.access import Actor, Reason
from plateward.contracts.event import encode
from plateward.contracts.partners import ClientScope, PartnerSearchAsked
from plateward.contracts.questions import QuestionAsked
from plateward.kernel.clock import now
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.sharing.admissible import party_of
from services.gateway.sharing.mou import Mou, Party, Terms
from services.gateway.sharing.signing import signed
from tests.support.gateway_at_work import POLICIES, TITLES, Console, GatewayAtWork

ELSEWHERE = ("ashgrove", *(f"{agency}-county" for agency in TITLES))
"""Agencies that no policy here knows, and whose keys are on file."""

NO_PATIENCE = Patience(tries=1)

STOLEN = Reason(purpose="stolen-vehicle", form="case", values={"case_number": "26-004417"})


def ed25519_key() -> ClientKey:
    """A new key."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ClientKey(pem)


def p256_key() -> ClientKey:
    """A new key."""
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ClientKey(pem)


def an_asker(agency: str = "ashgrove", **changes: str) -> Asker:
    """A detective of the agency."""
    actor = {"person_id": "7", "username": "ito", "name": "K. Ito", "title": "Detective", "agency_id": agency}
    return Asker(actor=Actor(**(actor | changes)), address="192.0.2.44", session="s-44")


def about(plate: str, **changes: Any) -> QuestionAsked:
    """A question about this plate, in the last hour."""
    at = now()
    asked = QuestionAsked(plate=plate, captured_from=at - timedelta(hours=1), captured_until=at + timedelta(minutes=1))
    return msgspec.structs.replace(asked, **changes)


async def agreed_with(gateway: GatewayAtWork, owner: str, partner: str, **changes: Any) -> Mou:
    """An MOU by which the owner shares reads of stolen vehicles, signed by both; the lists that it names may leave."""
    name = partner.replace("-", " ").title()
    known = POLICIES.get(partner)
    elsewhere = Party(agency_id=partner, name=name, kind="law-enforcement", state=POLICIES[owner].state)
    terms = Terms(
        mou_id=f"{owner}-{partner}-{uuid.uuid4().hex[:6]}",
        version=1,
        grantor=party_of(POLICIES[owner]),
        grantee=elsewhere if known is None else party_of(known),
        purposes=("stolen-vehicle",),
        data_kinds=("reads",),
        fields=("state", "vehicle", "direction"),
        starts_at=now() - timedelta(minutes=1),
        ends_at=now() + timedelta(days=30),
    )
    terms = msgspec.structs.replace(terms, **changes)
    keys, signatures = AgencyKeyFiles(gateway.settings.agency_keys), []
    for party in terms.parties:
        signer = keys.signer(party.agency_id)
        assert signer is not None
        signatures.append(signed(terms, signer, party.agency_id, an_asker(party.agency_id).actor, now()))
    mou = Mou(terms=terms, proposed_by=an_asker(owner).actor, proposed_at=now(), signatures=tuple(signatures))
    await gateway.administrator.execute(
        "INSERT INTO mous (id, version, grantor, grantee, document) VALUES ($1, $2, $3, $4, $5)",
        *(terms.mou_id, terms.version, owner, partner, msgspec.to_builtins(mou)),
    )
    for list_id in terms.list_ids:
        await gateway.administrator.execute(
            "INSERT INTO list_sharing_decisions (agency_id, list_id, allowed, decided_by, decided_at, statement)"
            " VALUES ($1, $2, true, $3, now(), 'As the chief has decided')",
            *(owner, list_id, msgspec.to_builtins(an_asker(owner).actor)),
        )
    return mou


async def keeper_of(gateway: GatewayAtWork, agency: str) -> Console:
    """Somebody of the agency who keeps its agreements, signed in."""
    return await gateway.sign_in(await gateway.register(agency, POLICIES[agency].sharing.signers[0]))


@dataclass(frozen=True, slots=True)
class PartnerMachine:
    """A machine client as its own people have it."""

    client_id: str
    agency_id: str
    key: ClientKey
    url: str
    audience: str

    def client(self, **changes: Any) -> PartnerClient:
        """What asks as this machine; it does not try again unless it is told to."""
        known: dict[str, Any] = {"audience": self.audience, "patience": NO_PATIENCE}
        return PartnerClient(self.url, self.client_id, self.key, **(known | changes))

    def asked(self, question: QuestionAsked, *owners: str) -> bytes:
        """What to post to search: the question with its signed record."""
        record = asking(an_asker(self.agency_id), question, STOLEN, owners)
        return encode(PartnerSearchAsked(record=record, signature=self.key.sign(record), question=question))


def a_registration(agency_id: str, key: ClientKey, **changes: Any) -> dict[str, Any]:
    """What to post to register a client of the agency by this key."""
    asked = {
        "agency_id": agency_id,
        "keys": [key.public],
        "scopes": ["reads.search"],
        "note": "Their records system, K. Ito, ext. 12",
    }
    return asked | changes


async def registered(
    gateway: GatewayAtWork,
    keeper: Console,
    agency_id: str = "ashgrove",
    key: ClientKey | None = None,
    scopes: Sequence[ClientScope] = ("reads.search",),
    **changes: Any,
) -> PartnerMachine:
    """A client of the agency, registered by this person."""
    key = key or ed25519_key()
    asked = a_registration(agency_id, key, scopes=list(scopes), **changes)
    client = (await keeper.http.post("/v1/partner-clients", json=asked)).raise_for_status().json()
    return PartnerMachine(client["client_id"], agency_id, key, gateway.url, gateway.settings.origin)


def token_form(machine: PartnerMachine, **changes: str) -> dict[str, str]:
    """What to send for a token."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": machine.key.assertion(machine.client_id, machine.audience, now()),
    }
    return form | changes


async def token_of(http: httpx.AsyncClient, machine: PartnerMachine, **headers: str) -> str:
    """A token of the machine's."""
    answer = await http.post("/oauth/token", data=token_form(machine), headers=headers)
    return str(answer.raise_for_status().json()["access_token"])
