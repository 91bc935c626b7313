"""A document from another deployment: whose it is, what of it is taken, and every way in which it is refused."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from plateward.contracts.access import Actor
from plateward.kernel.signatures import SignedStatement, Signer
from services.gateway.sharing.admissible import InvalidMou, party_of
from services.gateway.sharing.mou import Mou, Party, Suspension
from services.gateway.sharing.passing_on import (
    opened,
    passed_on,
    taken,
    why_its_terms_are_not,
    why_not_taken,
)
from services.gateway.sharing.signing import signed, with_true_signatures
from tests.unit.gateway.sharing.agreed import AT, POLICIES, an_actor, proposed, some_terms

ASHGROVE = Party(agency_id="ashgrove", name="Ashgrove Police", kind="law-enforcement", state="CA")
OURS, THEIRS = Signer(Ed25519PrivateKey.generate()), Signer(Ed25519PrivateKey.generate())
OWN = POLICIES["barstow"]
TERMS = some_terms("barstow", "stockton", mou_id="barstow-ashgrove-0a1b2c", grantee=ASHGROVE, starts_at=AT)


class Keys:
    """Those of our deployment: our own key, and the public one of the agency elsewhere."""

    def signer(self, agency_id: str) -> Signer | None:
        return OURS if agency_id == "barstow" else None

    def trusted(self, agency_id: str) -> str | None:
        return {"barstow": OURS.name, "ashgrove": THEIRS.name}.get(agency_id)


KEYS = Keys()


def theirs(mou: Mou | None = None, sender: str = "ashgrove", signer: Signer = THEIRS) -> SignedStatement:
    """What they pass on; by default what they have signed."""
    return passed_on(mou or signed_by_them(), sender, signer, AT)


def signed_by_them(**changes: Any) -> Mou:
    terms = msgspec.structs.replace(TERMS, **changes)
    by_them = signed(terms, THEIRS, "ashgrove", an_actor("ashgrove"), AT)
    return msgspec.structs.replace(proposed(terms), signatures=(by_them,))


def stopped(mou: Mou, by: Actor) -> Mou:
    at = AT + timedelta(days=400)
    return msgspec.structs.replace(mou, suspension=Suspension(by=by, at=at, why="Under review by counsel"))


def refused(document: SignedStatement, *on_file: Mou) -> str:
    """Why the document is not taken, in words; empty where it is."""
    try:
        told = opened(document, KEYS, POLICIES)
    except InvalidMou as invalid:
        return str(invalid)
    return "; ".join(one.rule for one in why_not_taken(told, OWN, on_file, KEYS))


def test_what_they_have_signed_is_taken_and_their_signature_holds_here() -> None:
    told = opened(theirs(), KEYS, POLICIES)
    ours = proposed(TERMS)
    assert why_not_taken(told, OWN, (), KEYS) == why_not_taken(told, OWN, (ours,), KEYS) == ()
    assert why_its_terms_are_not(told, POLICIES, {}, AT) == ()
    (changed,) = taken(told, (ours,), KEYS, AT)
    assert with_true_signatures(changed, KEYS).unsigned == ("barstow",)
    assert taken(told, (changed,), KEYS, AT) == (), "the same again changes nothing"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (theirs(signer=Signer(Ed25519PrivateKey.generate())), "not signed by the key of ashgrove that is on file"),
        (theirs(sender="elmwood"), "no key of elmwood is on file"),
        (theirs(sender="barstow", signer=OURS), "barstow is of this deployment"),
        (theirs(sender="stockton"), "stockton is of this deployment"),
        (SignedStatement(statement="{}", signature="", signer=""), "is no agreement"),
        (SignedStatement(statement="\ud800", signature="", signer=""), "is no agreement"),
        (SignedStatement(statement=" " * 200_001, signature="", signer=""), "more than 200000 characters"),
    ],
)
def test_a_document_is_its_senders_by_the_key_on_file_or_it_is_nobodys(document: SignedStatement, why: str) -> None:
    assert why in refused(document)


def test_not_a_word_of_it_can_be_changed() -> None:
    document = theirs()
    other = msgspec.structs.replace(document, statement=document.statement.replace("stolen", "stolem"))
    assert "not signed by the key" in refused(other)


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": ("stolen-vehicle", "missing-person")},
        {"oldest_days": 400},
        {"ends_at": TERMS.ends_at + timedelta(days=1)},
        {"data_kinds": ("reads", "images")},
    ],
)
def test_another_text_under_the_same_id_and_version_is_refused(changes: dict[str, Any]) -> None:
    assert "has another text than version 1" in refused(theirs(signed_by_them(**changes)), proposed(TERMS))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"grantor": party_of(POLICIES["stockton"])}, "is not between ashgrove and"),
        ({"grantor": msgspec.structs.replace(party_of(OWN), state="NV")}, "says of"),
        ({"grantor": ASHGROVE, "grantee": party_of(OWN)}, "the other way round"),
        ({"mou_id": "../admin"}, "has an id that none has here"),
        ({"purposes": ("stolen\u202evehicle",)}, "cannot be seen"),
        ({"purposes": ("x" * 2001,)}, "more than 2000 characters"),
    ],
)
def test_a_document_of_others_or_with_what_no_page_could_show_is_refused(changes: dict[str, Any], why: str) -> None:
    on_file = (proposed(TERMS),) if "other way" in why else ()
    assert why in refused(theirs(signed_by_them(**changes)), *on_file)


def test_a_signature_in_it_must_hold_by_the_keys_on_file_whoevers_it_is() -> None:
    mine = signed(TERMS, THEIRS, "barstow", an_actor("barstow"), AT)
    of_other_terms = signed(msgspec.structs.replace(TERMS, oldest_days=9), THEIRS, "ashgrove", an_actor("ashgrove"), AT)
    by_one_of_ours = signed(TERMS, THEIRS, "ashgrove", an_actor("barstow"), AT)
    for false in (mine, of_other_terms, by_one_of_ours):
        mou = msgspec.structs.replace(proposed(TERMS), signatures=(false,))
        assert "is not of these terms by the key on file" in refused(theirs(mou), proposed(TERMS))


def test_a_version_older_than_the_newest_on_file_is_refused() -> None:
    assert "here version 3 is on file" in refused(theirs(), proposed(msgspec.structs.replace(TERMS, version=3)))


def test_terms_that_our_policy_does_not_admit_are_not_taken() -> None:
    told = opened(theirs(signed_by_them(cameras=("of-somebody",))), KEYS, POLICIES)
    assert "is no camera of" in str(why_its_terms_are_not(told, POLICIES, {}, AT))


def test_their_suspension_stops_every_version_here_from_when_it_is_taken() -> None:
    second = proposed(msgspec.structs.replace(TERMS, version=2))
    told = opened(theirs(stopped(signed_by_them(), an_actor("ashgrove"))), KEYS, POLICIES)
    changed = taken(told, (second, proposed(TERMS)), KEYS, AT)
    assert [(mou.terms.version, mou.state(AT)) for mou in changed] == [(2, "suspended"), (1, "suspended")]
    assert taken(opened(theirs(), KEYS, POLICIES), changed, KEYS, AT)[0].state(AT) == "suspended", "it stays so"


def test_nothing_keeps_their_suspension_from_being_taken() -> None:
    renamed = msgspec.structs.replace(party_of(OWN), name="As it was called then")
    odd = stopped(signed_by_them(purposes=("something-else",), grantor=renamed), an_actor("ashgrove"))
    assert refused(theirs(odd), proposed(TERMS)) == ""


def test_nobody_stops_or_proposes_it_in_anothers_name() -> None:
    told = opened(theirs(stopped(signed_by_them(), an_actor("barstow"))), KEYS, POLICIES)
    assert all(mou.suspension is None for mou in taken(told, (proposed(TERMS),), KEYS, AT))
    by_a_third = msgspec.structs.replace(signed_by_them(), proposed_by=an_actor("stockton"))
    assert "is of neither side" in refused(theirs(by_a_third))
