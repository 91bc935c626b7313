"""One example of each event, with every field that it can have: the golden records of the contracts."""

from datetime import UTC, date, datetime
from uuid import UUID

from plateward.contracts.access import AccessRecord, Actor, Approved, CaseCheck, Reason, SharedUnder
from plateward.contracts.camera_registrations import ByPerson, CameraKey, CameraRegistration
from plateward.contracts.cameras import CameraPlace, CameraStatus
from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.event import Event
from plateward.contracts.frames import Frame, FrameOutcome
from plateward.contracts.heartbeats import Heartbeat
from plateward.contracts.hits import (
    CharacterComparison,
    Comparison,
    HitRaised,
    ListVersion,
    Sighting,
    VehicleComparison,
)
from plateward.contracts.holds import EvidenceHold
from plateward.contracts.hot_list import Area, HotListEntry
from plateward.contracts.lists import HotList, ListAlarm, ListDesignation
from plateward.contracts.reads import Candidate, PlateRead, ReadImages, VehicleDescription
from plateward.contracts.self_checks import SelfCheckAsked
from plateward.contracts.shared_hit_example import SHARED_HIT_DELIVERED
from plateward.contracts.sharing import SharingAgreement

AT = datetime(2026, 3, 1, 9, 12, 7, 250_000, tzinfo=UTC)
FRAME = UUID("0c7a1f5e-6f0e-5b0a-9a35-0a4c6f6c2d11")
READ = UUID("3b6e0c58-5d0f-5c52-8f0a-6c7d35f1a022")
ENTRY = UUID("a2f7d6b1-93c4-4d7e-b6c5-2f41d0c9e833")
PLACE = CameraPlace(name="Main St at 1st Ave", latitude=34.8987, longitude=-117.0228, bearing_deg=90.0)
VEHICLE = VehicleDescription(
    make="Honda",
    model="Accord",
    colour="silver",
    colour_confidence=0.91,
    kind="sedan",
    features=("roof rack", "dented"),
)

PLATE_READ = PlateRead(
    id=READ,
    frame_id=FRAME,
    camera_id="main-1",
    agency_id="barstow",
    place=PLACE,
    captured_at=AT,
    plate="7KXR2I4",
    confidence=0.93,
    candidates=(Candidate(plate="7KXR2I4", confidence=0.93), Candidate(plate="7KXR214", confidence=0.06)),
    character_confidences=(0.99, 0.98, 0.99, 0.99, 0.97, 0.61, 0.99),
    expires_on=date(2027, 3, 1),
    images=ReadImages(plate=f"2027-03-01/barstow/{READ}/plate.jpg", scene=f"2027-03-01/barstow/{READ}/scene.jpg"),
    models={"PP-OCRv6_rec_small": "0" * 16},
    source="edge",
    state="CA",
    vehicle=VEHICLE,
    frames=4,
    last_seen_at=datetime(2026, 3, 1, 9, 12, 8, 750_000, tzinfo=UTC),
    direction="away",
    below_threshold=True,
    supersedes="7KXR2T4",
)

HOT_LIST_ENTRY = HotListEntry(
    id=ENTRY,
    list_id="department",
    agency_id="barstow",
    plate="7KXR214",
    category="stolen-vehicle",
    priority="high",
    reason="Stolen from a driveway overnight",
    case_number="26-004417",
    entered_by="D. Okafor",
    requested_by="D. Okafor",
    contact="ext. 2214",
    entered_at=AT,
    starts_at=AT,
    expires_at=datetime(2026, 3, 8, 9, 12, 7, tzinfo=UTC),
    version=1,
    source="NCIC",
    grade="informational",
    state="CA",
    vehicle=VEHICLE,
    instructions="Stop only with P/C and identify occupants.",
    other_information="The owner has the only key",
    approved_by="A. Lindqvist",
    approved_at=AT,
    awaits_approval=True,
    distribution=("okafor", "renner"),
    suspended_at=datetime(2026, 3, 4, 17, 30, tzinfo=UTC),
    found_by="R. Yazzie",
    near_misses=True,
    area=Area(latitude=34.8987, longitude=-117.0228, radius_m=5000.0),
)

EXAMPLES: tuple[Event, ...] = (
    Frame(
        id=FRAME,
        camera_id="main-1",
        agency_id="barstow",
        place=PLACE,
        captured_at=AT,
        received_at=AT,
        width_px=1280,
        height_px=720,
        source="stream",
    ),
    FrameOutcome(
        frame_id=FRAME,
        camera_id="main-1",
        agency_id="barstow",
        outcome="read",
        reads=1,
        captured_at=AT,
        at=AT,
        read_ids=(READ,),
    ),
    PLATE_READ,
    HOT_LIST_ENTRY,
    HitRaised(
        id=UUID("5f1d9b0a-1c8e-5a53-9a71-7d9b4c2e6f44"),
        raised_at=AT,
        read=PLATE_READ,
        entry=HOT_LIST_ENTRY,
        comparison=Comparison(
            grade="confusable",
            characters=(
                CharacterComparison(listed="7", read="7", verdict="agrees"),
                CharacterComparison(listed="1", read="I", verdict="confusable"),
            ),
            state="agrees",
            vehicle=VehicleComparison(make="agrees", model="agrees", colour="contradicts", kind="agrees"),
            candidate=Candidate(plate="7KXR214", confidence=0.06),
        ),
        agencies=("barstow", "stockton"),
        images_withheld_from=("stockton",),
        list=ListVersion(name="Barstow Police Department", version=41, refreshed_at=AT),
        grade="informational",
        sightings=(
            Sighting(
                read_id=UUID("6c1f7d20-9b3a-5e4c-8d7f-1a2b3c4d5e33"),
                captured_at=datetime(2026, 3, 1, 9, 12, 40, tzinfo=UTC),
                plate="7KXR214",
                confidence=0.97,
                images=ReadImages(
                    plate="2027-03-01/barstow/6c1f7d20-9b3a-5e4c-8d7f-1a2b3c4d5e33/plate.jpg",
                    scene="2027-03-01/barstow/6c1f7d20-9b3a-5e4c-8d7f-1a2b3c4d5e33/scene.jpg",
                ),
                direction="towards",
            ),
        ),
        retroactive=True,
    ),
    HotList(
        agency_id="barstow",
        list_id="ncic",
        name="NCIC",
        source="NCIC",
        version=41,
        refreshed_at=AT,
        designations=(ListDesignation(source="NCIC", categories=("stolen-vehicle", "stolen-plate")),),
        fresh_for_hours=72,
        retroactive_hours=24,
        grade="informational",
        approval_required=True,
    ),
    ListAlarm(
        agency_id="barstow",
        list_id="ncic",
        name="NCIC",
        at=datetime(2026, 3, 4, 9, 12, 7, 250_000, tzinfo=UTC),
        silent=True,
        refreshed_at=AT,
        fresh_for_hours=72,
    ),
    SharingAgreement(
        id=UUID("c4d2a9b8-7e61-4f3a-9b0c-5d8e2f1a6b44"),
        mou_id="MOU 2026-07",
        mou_version=2,
        grantor="barstow",
        grantee="stockton",
        data_kinds=("lists", "hits"),
        starts_at=AT,
        ends_at=datetime(2027, 3, 1, 9, 12, 7, tzinfo=UTC),
        list_ids=("department",),
        categories=("stolen-vehicle",),
        camera_ids=("main-1",),
        suspended_at=datetime(2026, 6, 1, tzinfo=UTC),
    ),
    AccessRecord(
        id=UUID("7d2c4e81-0b6f-5d3c-8e1f-9a5b7c3d2e55"),
        access_id=UUID("1e9f3a62-7c4d-4b8e-9f2a-6d5c4b3a2f66"),
        phase="answered",
        at=AT,
        actor=Actor(
            person_id="8c5b2d17-4e3f-5a9c-b1d8-7f6e5d4c3b77",
            username="okafor",
            name="D. Okafor",
            title="Detective",
            agency_id="barstow",
        ),
        action="search",
        query={"plate": "7KXR214"},
        reason=Reason(purpose="stolen-vehicle", form="case", values={"case_number": "26-004417"}),
        owners=("barstow", "stockton"),
        address="192.0.2.14",
        session="4a3b2c1d-5e6f-4a7b-8c9d-0e1f2a3b4c88",
        results=3,
        problem="none",
        case=CaseCheck(number="26-004417", found="known"),
        approved=Approved(
            approval_id=UUID("2c9d8e7f-1a2b-4c3d-9e4f-5a6b7c8d9e99"),
            by=Actor(
                person_id="9d6c3e28-5f40-4b8d-a2e9-807f6e5d4c88",
                username="lindqvist",
                name="A. Lindqvist",
                title="Captain",
                agency_id="barstow",
            ),
            at=AT,
            statement="Agreed with the detective on the phone",
        ),
        shared_under=(SharedUnder(owner="stockton", mou="stockton-barstow-2026", version=2),),
    ),
    CameraRegistration(
        camera_id="trailer-3",
        agency_id="flagstaff",
        kind="trailer",
        place=PLACE,
        registered_at=AT,
        placed_at=AT,
        changed_at=AT,
        version=9,
        keys=(CameraKey(sha256="0" * 64, valid_until=AT), CameraKey(sha256="f" * 64, valid_until=AT)),
        special=True,
        ends_at=datetime(2026, 3, 15, 6, tzinfo=UTC),
        approval=ByPerson(
            name="S. Whitehair", title="Division Commander", at=AT, statement="Search for a missing child"
        ),
        public_view=ByPerson(name="R. Yazzie", title="ALPR Administrator", at=AT, statement="The roadway, no dwelling"),
        out_of_service=ByPerson(name="R. Yazzie", title="ALPR Administrator", at=AT, statement="Mast bent"),
        in_service_since=AT,
        fault=ByPerson(name="C. Moreno", title="Detective", at=AT, statement="Mast bent by the wind"),
        last_inspected_at=AT,
        silent_after_seconds=60,
    ),
    CameraStatus(
        camera_id="main-1", agency_id="barstow", state="faulty", at=AT, last_frame_at=AT, fault="lens covered"
    ),
    SelfCheckAsked(id=ENTRY, agency_id="barstow", at=AT),
    Heartbeat(process="gateway 0c7a1f5e-6f0e-5b0a-9a35-0a4c6f6c2d11", at=AT),
    DeadLetter(
        topic="plate-reads",
        partition=2,
        offset=1041,
        reason="PlateRead: Object missing required field `plate`",
        refused_by="retention",
        at=AT,
        key="7KXR214",
        value="e30=",
        headers={"ce_type": "plateward.plate-read.v1"},
    ),
    EvidenceHold(
        id=UUID("4e2b7c90-8d1f-4a36-b5e7-6c0d9f8e7a12"),
        agency_id="barstow",
        case_number="26-004417",
        reason="The passing puts the vehicle at the scene",
        requested_by=Actor(
            person_id="1f8e7d6c-5b4a-4938-8271-605f4e3d2c11",
            username="okafor",
            name="D. Okafor",
            title="Detective",
            agency_id="barstow",
        ),
        requested_at=AT,
        approved_by=Actor(
            person_id="9d6c3e28-5f40-4b8d-a2e9-807f6e5d4c88",
            username="lindqvist",
            name="A. Lindqvist",
            title="Captain",
            agency_id="barstow",
        ),
        approved_at=AT,
        ends_on=date(2029, 3, 1),
        read_ids=(READ,),
    ),
    SHARED_HIT_DELIVERED,
)
"""Whoever adds a field to an event adds it here as well."""
