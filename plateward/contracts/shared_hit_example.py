"""The example of what a partner's receiver gets, with every field that it can have."""

from datetime import UTC, date, datetime
from uuid import UUID

from plateward.contracts.access import AccessRecord, Actor, Approved, CaseCheck, Reason, SharedUnder, access_record_id
from plateward.contracts.cameras import CameraPlace
from plateward.contracts.hits import CharacterComparison, Comparison, ListVersion, VehicleComparison
from plateward.contracts.reads import Candidate, VehicleDescription
from plateward.contracts.shared_hits import SharedEntry, SharedHit, SharedHitDelivered, SharedRead, SharedSighting

_AT = datetime(2026, 3, 1, 9, 12, 7, 250_000, tzinfo=UTC)
_HIT = UUID("5d2c1b0a-9f8e-5d7c-8b6a-594837261504")
_ACCESS = UUID("7e6d5c4b-3a29-5180-9f7e-6d5c4b3a2918")
_UNDER = (SharedUnder(owner="stockton", mou="stockton-barstow-4f1c2a", version=2),)
_VEHICLE = VehicleDescription(
    make="Toyota", model="Camry", colour="black", colour_confidence=0.91, kind="sedan", features=("roof rack",)
)
_CLIENT = Actor(
    person_id="1f8e7d6c-5b4a-5938-8271-605f4e3d2c11",
    username="barstow-4f1c2a9b3d7e",
    name="Barstow's CAD, D. Okafor, ext. 2214",
    title="Machine client",
    agency_id="barstow",
)

SHARED_HIT_DELIVERED = SharedHitDelivered(
    hit=SharedHit(
        id=_HIT,
        sequence=10_417,
        raised_at=_AT,
        read=SharedRead(
            id=UUID("3b6e0c58-5d0f-5c52-8f0a-6c7d35f1a022"),
            agency_id="stockton",
            camera_id="el-dorado-2",
            place=CameraPlace(name="El Dorado St at Park St", latitude=37.9575, longitude=-121.2916, bearing_deg=0.0),
            captured_at=_AT,
            plate="6TRN880",
            confidence=0.97,
            expires_on=date(2026, 8, 28),
            state="CA",
            vehicle=_VEHICLE,
            direction="towards",
            below_threshold=True,
        ),
        entry=SharedEntry(
            id=UUID("a2f7d6b1-93c4-4d7e-b6c5-2f41d0c9e833"),
            agency_id="stockton",
            list_id="department",
            plate="6TRN880",
            category="stolen-vehicle",
            priority="high",
            reason="Carjacking on Charter Way",
            case_number="26-19384",
            contact="209-555-0177",
            source="department",
            state="CA",
            vehicle=_VEHICLE,
            instructions="Wait for a second unit.",
            other_information="Dent in the left rear door",
        ),
        comparison=Comparison(
            grade="exact",
            characters=(CharacterComparison(listed="6", read="6", verdict="agrees"),),
            state="agrees",
            vehicle=VehicleComparison(make="agrees", model="agrees", colour="agrees", kind="agrees"),
            candidate=Candidate(plate="6TRN880", confidence=0.97),
        ),
        under=_UNDER,
        grade="informational",
        list=ListVersion(name="Stockton Police Department", version=41, refreshed_at=_AT),
        sightings=(
            SharedSighting(
                read_id=UUID("6c1f7d20-9b3a-5e4c-8d7f-1a2b3c4d5e33"),
                captured_at=datetime(2026, 3, 1, 9, 12, 40, tzinfo=UTC),
                plate="6TRN880",
                confidence=0.97,
                direction="away",
            ),
        ),
        retroactive=True,
        pictures=("plate", "scene"),
    ),
    record=AccessRecord(
        id=access_record_id(_ACCESS, "asked"),
        access_id=_ACCESS,
        phase="asked",
        at=_AT,
        actor=_CLIENT,
        action="receive-hit",
        query={"hit_id": str(_HIT), "by": "webhook"},
        reason=Reason(purpose="hit-response", form="duty", values={"duty": "hits that an agreement shares"}),
        owners=("stockton",),
        address="cad.barstow.example",
        session="0c7a1f5e-6f0e-4b0a-9a35-0a4c6f6c2d11",
        results=1,
        problem="NoSuchRecord",
        case=CaseCheck(number="26-19384", found="known"),
        approved=Approved(approval_id=_ACCESS, by=_CLIENT, at=_AT, statement="As the agreement says"),
        shared_under=_UNDER,
    ),
)
"""Whoever adds a field adds it here as well."""
