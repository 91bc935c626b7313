"""What the policies say of partners' inquiries holds for those that a machine puts, too."""

import pytest

from plateward.contracts.access import Reason
from services.gateway.adapters.cedar_rulings import CedarRuling
from services.gateway.searching.owners import OwnersPart
from services.gateway.searching.question import Question
from services.gateway.sharing.decision import NONE_AGREED, AgreedReads
from services.gateway.sharing.mou import Mou, Party
from tests.unit.gateway.sharing.agreed import AT, POLICIES, agreed, some_terms
from tests.unit.gateway.test_partner_records import QUESTION

ASHGROVE = Party(agency_id="ashgrove", name="Ashgrove", kind="law-enforcement", state="AZ")


async def decided(*mous: Mou, purpose: str = "stolen-vehicle", question: Question = QUESTION) -> OwnersPart:
    """Flagstaff's part of what a machine of Ashgrove's asks under these agreements."""

    class Agreed:
        async def current(self) -> CedarRuling:
            return CedarRuling(mous, POLICIES)

    decision = AgreedReads(rulings=Agreed(), quotas=None, policies=POLICIES, now=lambda: AT)  # type: ignore[arg-type]
    reason = Reason(purpose=purpose, form="case", values={"case_number": "26-004417"})
    (part,) = await decision.decide_for_partner(["flagstaff"], "ashgrove", question, reason)
    return part


def an_mou(grantee: Party = ASHGROVE, **changes: object) -> Mou:
    return agreed(some_terms("flagstaff", "barstow", grantee=grantee, **changes))


@pytest.mark.clause("F24")
async def test_a_machine_gets_what_an_agreement_grants_its_agency_and_nothing_without_one() -> None:
    granted = await decided(an_mou())
    assert (granted.granted, [one.mou for one in granted.under]) == (True, ["flagstaff-barstow"])
    assert await decided() == OwnersPart("flagstaff", granted=False, basis=NONE_AGREED)
    over = an_mou(ends_at=AT)
    assert not (await decided(over)).granted


@pytest.mark.clause("F11")
async def test_what_an_owner_prohibits_it_prohibits_machines_whatever_is_agreed() -> None:
    prohibited = "immigration-enforcement"
    part = await decided(an_mou(purposes=(prohibited, "stolen-vehicle")), purpose=prohibited)
    assert not part.granted
    assert part.basis.startswith("Flagstaff PD Policy 317 (317.3, 317.5) is never for")


@pytest.mark.clause("L8")
async def test_a_partner_elsewhere_is_what_its_agreement_says_it_is() -> None:
    other = Party(agency_id="ashgrove", name="Ashgrove Tolls", kind="other", state="AZ")
    part = await decided(an_mou(other))
    assert not part.granted
    assert "agencies only" in part.basis
