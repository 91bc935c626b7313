"""Signatures under an MOU: over its canonical document, by the key on file, and of nothing else."""

import msgspec
import pytest

from services.gateway.sharing.mou import Signature, Terms, standing
from services.gateway.sharing.signing import bears, canonical, with_true_signatures
from tests.unit.gateway.sharing.agreed import KEYS, agreed, proposed, some_terms

CHANGES: list[dict[str, object]] = [
    {"purposes": ("stolen-vehicle", "missing-person")},
    {"data_kinds": ("reads", "images")},
    {"oldest_days": 30},
    {"cameras": ("c1",)},
    {"version": 2},
    {"mou_id": "another"},
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_signature_is_of_these_terms_and_of_no_others(change: dict[str, object]) -> None:
    mou = agreed(some_terms())
    assert with_true_signatures(mou, KEYS).unsigned == ()
    changed = msgspec.structs.replace(mou, terms=msgspec.structs.replace(mou.terms, **change))
    assert with_true_signatures(changed, KEYS).unsigned == ("stockton", "barstow")


def test_one_side_cannot_sign_for_the_other() -> None:
    mou = agreed(some_terms())
    ours = next(one for one in mou.signatures if one.agency_id == "barstow")
    forged = msgspec.structs.replace(ours, agency_id="stockton")
    assert not bears(mou.terms, forged, KEYS)
    assert not bears(mou.terms, msgspec.structs.replace(ours, agency_id="nobody"), KEYS)
    stray = msgspec.structs.replace(mou, signatures=(*mou.signatures, signature_of_a_third(mou.terms)))
    assert with_true_signatures(stray, KEYS).signatures == mou.signatures


def signature_of_a_third(terms: Terms) -> Signature:
    return agreed(some_terms("flagstaff", "florence", mou_id=terms.mou_id)).signatures[0]


def test_the_document_is_the_same_text_whatever_order_it_was_written_in() -> None:
    terms = some_terms()
    shuffled = dict(reversed(msgspec.to_builtins(terms).items()))
    assert canonical(msgspec.convert(shuffled, Terms)) == canonical(terms)
    assert canonical(terms).startswith('{"data_kinds":["reads"],"ends_at":"2026-03-31T09:30:00Z"')


def test_the_newest_version_that_both_have_signed_counts() -> None:
    first, second = agreed(some_terms()), some_terms(version=2)
    assert standing([proposed(second), first]) == (first,)
    assert [mou.terms.version for mou in standing([first, agreed(second)])] == [2]
