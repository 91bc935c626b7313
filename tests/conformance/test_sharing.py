"""What the policies say of sharing: under signed agreements, within prohibitions, with agencies of a verified kind."""

import uuid
from datetime import timedelta

import msgspec
import pytest

from plateward.contracts.hits import HitRaised
from plateward.matching.sharing import Sharing
from services.gateway.adapters.cedar_rulings import CedarRuling
from services.gateway.sharing.admissible import InvalidMou
from services.gateway.sharing.grants import sharing_agreement
from services.gateway.sharing.inquiry import why_the_owner_refuses
from services.gateway.sharing.mou import Mou, Suspension
from services.gateway.sharing.proposal import Proposal, terms_of
from tests.unit.gateway.sharing.agreed import AT, POLICIES, agreed, an_actor, an_inquiry, proposed, some_terms
from tests.unit.retention.events import a_hit, a_read


def granted(agency: str, *mous: Mou, owner: str = "stockton", **asked: object) -> bool:
    """Whether these agreements let the agency search the owner's reads."""
    return bool(CedarRuling(mous, POLICIES).granting(owner, an_inquiry(agency, **asked)))


@pytest.mark.clause("F11")
def test_what_an_owner_prohibits_binds_its_partners_whatever_an_agreement_names() -> None:
    prohibited = "immigration-enforcement"
    signed = agreed(some_terms("flagstaff", "barstow", purposes=(prohibited, "stolen-vehicle")))
    assert granted("barstow", signed, owner="flagstaff")
    assert not granted("barstow", signed, owner="flagstaff", purpose=prohibited)
    why = why_the_owner_refuses(POLICIES["flagstaff"], an_inquiry(purpose=prohibited))
    assert why is not None
    assert why.startswith("Flagstaff PD Policy 317 (317.3, 317.5) is never for")


@pytest.mark.clause("F24")
def test_an_agreement_grants_nothing_before_both_have_signed_nor_once_it_is_over_or_stopped() -> None:
    terms = some_terms()
    assert not granted("barstow", proposed(terms))
    assert granted("barstow", agreed(terms))
    assert not granted("florence", agreed(terms))
    assert not granted("barstow", agreed(terms), at=terms.ends_at)
    stop = Suspension(by=an_actor("stockton"), at=AT, why="under review")
    assert not granted("barstow", msgspec.structs.replace(agreed(terms), suspension=stop))


@pytest.mark.clause("F18")
def test_hits_are_shared_under_the_agreement_and_follow_its_cameras() -> None:
    hit = a_hit_of_flagstaffs_camera()
    for cameras, sees in (((), True), ((hit.read.camera_id,), True), (("another",), False)):
        mou = agreed(some_terms("flagstaff", "barstow", data_kinds=("hits",), cameras=cameras))
        sharing = Sharing([sharing_agreement(mou, ())], AT)
        assert ("barstow" in sharing.who_sees(hit.read, hit.entry)) == sees


def a_hit_of_flagstaffs_camera() -> HitRaised:
    return a_hit(a_read(id=uuid.uuid4(), captured_at=AT, expires_on=AT.date() + timedelta(days=20)))


@pytest.mark.clause("S14")
def test_detections_go_to_agencies_on_the_network_under_an_agreement_and_others_to_the_administrator() -> None:
    assert granted("barstow", agreed(some_terms()))
    assert not granted("barstow")
    with pytest.raises(InvalidMou, match="must be an agency that is known here"):
        terms_of(_with_a_stranger(), "stockton-stranger", 1, POLICIES)
    assert POLICIES["stockton"].releases.others_to == "the ALPR Administrator"


def _with_a_stranger() -> Proposal:
    return Proposal(
        grantor="stockton",
        grantee="a-stranger",
        purposes=("stolen-vehicle",),
        data_kinds=("reads",),
        starts_at=AT,
        ends_at=AT + timedelta(days=1),
    )
