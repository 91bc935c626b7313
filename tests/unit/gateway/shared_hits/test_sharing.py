"""What of a hit a partner's client gets, and which hits: exactly what the MOUs of both owners give."""

from datetime import timedelta

import msgspec
import pytest

from plateward.contracts.event import encode
from plateward.contracts.hits import Comparison, HitRaised, Sighting, VehicleComparison
from plateward.contracts.reads import VehicleDescription
from services.gateway.searching.area import Circle
from services.gateway.shared_hits.sharing import Agreed, Granted, Partner, Withheld, shared_hit
from services.gateway.sharing.mou import Mou, Suspension
from tests.unit.gateway.sharing.agreed import AT, POLICIES, agreed, an_actor, proposed, some_terms
from tests.unit.retention.events import a_hit, a_read


def a_partner(agency: str, *admitted_by: str) -> Partner:
    return Partner(an_actor(agency, "Machine client"), frozenset(admitted_by))


PARTNER = a_partner("barstow", "stockton")


def the_hit(**changes: object) -> HitRaised:
    """A hit on Stockton's camera of Barstow's own entry, that both may see."""
    read = a_read(
        agency_id="stockton",
        camera_id="stockton-1",
        captured_at=AT - timedelta(minutes=1),
        state="CA",
        vehicle=VehicleDescription(make="Ford"),
        direction="towards",
    )
    seen_again = Sighting(
        read_id=read.frame_id, captured_at=AT, plate=read.plate, confidence=0.9, images=read.images, direction="away"
    )
    comparison = Comparison(
        grade="exact", characters=(), state="agrees", vehicle=VehicleComparison(make="agrees", colour="contradicts")
    )
    hit = a_hit(read, agencies=("barstow", "stockton"), comparison=comparison, sightings=(seen_again,))
    return msgspec.structs.replace(hit, **changes)


def sharing_hits(**changes: object) -> Mou:
    return agreed(some_terms(**({"data_kinds": ("hits",)} | changes)))


def decided(hit: HitRaised, *mous: Mou, partner: Partner = PARTNER) -> Granted | Withheld:
    return Agreed(mous, POLICIES, AT).decide(hit, partner)


def test_a_hit_is_shared_by_an_mou_in_force_that_names_hits() -> None:
    granted = decided(the_hit(), sharing_hits())
    assert isinstance(granted, Granted)
    assert granted.owners == ("stockton",), "the entry is the partner's own"
    assert [(one.owner, one.mou, one.version) for one in granted.under] == [("stockton", "stockton-barstow", 1)]
    assert granted.shows == frozenset()


SUSPENDED = msgspec.structs.replace(
    sharing_hits(), suspension=Suspension(by=an_actor("stockton"), at=AT, why="it was misused")
)


@pytest.mark.parametrize(
    "mou",
    [
        pytest.param(agreed(some_terms(data_kinds=("reads", "images", "lists"))), id="does not name hits"),
        pytest.param(proposed(some_terms(data_kinds=("hits",))), id="is not signed"),
        pytest.param(sharing_hits(ends_at=AT), id="is over"),
        pytest.param(sharing_hits(starts_at=AT + timedelta(seconds=1)), id="has not begun"),
        pytest.param(SUSPENDED, id="is suspended"),
        pytest.param(sharing_hits(cameras=("stockton-2",)), id="is of other cameras"),
        pytest.param(
            sharing_hits(areas=(Circle(latitude=0.0, longitude=0.0, radius_m=100.0),)), id="is of another area"
        ),
    ],
)
def test_what_no_mou_gives_is_withheld(mou: Mou) -> None:
    assert decided(the_hit(), mou) == Withheld("no agreement with stockton in force shares this camera's hits")


def test_a_read_that_is_older_than_the_mou_allows_is_withheld() -> None:
    hit = the_hit()
    old = msgspec.structs.replace(hit, read=msgspec.structs.replace(hit.read, captured_at=AT - timedelta(days=3)))
    assert isinstance(decided(old, sharing_hits(oldest_days=2)), Withheld)
    assert isinstance(decided(hit, sharing_hits(oldest_days=2)), Granted)


def test_an_area_is_that_of_the_place_where_the_read_was_made() -> None:
    around = Circle(latitude=35.2, longitude=-111.6, radius_m=500.0)
    assert isinstance(decided(the_hit(), sharing_hits(cameras=("stockton-9",), areas=(around,))), Granted)


def test_a_client_that_no_owner_has_admitted_gets_nothing() -> None:
    stranger = a_partner("barstow")
    assert decided(the_hit(), sharing_hits(), partner=stranger) == Withheld("the client is not admitted by stockton")


def test_an_entry_of_a_third_agency_needs_its_mou_and_its_admission_as_well() -> None:
    hit = the_hit()
    entry = msgspec.structs.replace(hit.entry, agency_id="florence", list_id="stolen")
    hit = msgspec.structs.replace(hit, entry=entry)
    both = a_partner("barstow", "stockton", "florence")
    lists = agreed(some_terms("florence", "barstow", data_kinds=("lists",), list_ids=("stolen",)))
    others = agreed(some_terms("florence", "barstow", data_kinds=("lists",), list_ids=("another",)))
    assert decided(hit, sharing_hits(), lists) == Withheld("the client is not admitted by florence")
    withheld = Withheld("no agreement with florence in force shares this list")
    assert decided(hit, sharing_hits(), partner=both) == withheld
    assert decided(hit, sharing_hits(), others, partner=both) == withheld
    granted = decided(hit, sharing_hits(), lists, partner=both)
    assert isinstance(granted, Granted)
    assert granted.owners == ("stockton", "florence")
    assert [one.owner for one in granted.under] == ["florence", "stockton"]


def test_what_the_matcher_did_not_share_no_later_mou_opens() -> None:
    assert isinstance(decided(the_hit(agencies=("stockton",)), sharing_hits()), Withheld)


def test_a_hit_that_is_meant_for_named_members_goes_to_no_machine() -> None:
    hit = the_hit()
    meant = msgspec.structs.replace(hit, entry=msgspec.structs.replace(hit.entry, distribution=("n.duarte",)))
    assert decided(meant, sharing_hits()) == Withheld("is for named members of an agency only")


def test_a_hit_on_the_partners_own_camera_is_no_shared_one() -> None:
    own = a_partner("stockton", "stockton", "barstow")
    assert isinstance(decided(the_hit(), sharing_hits(), partner=own), Withheld)


def test_an_owner_shares_only_with_the_kinds_of_agencies_that_its_policy_names() -> None:
    terms = some_terms(data_kinds=("hits",))
    fire = msgspec.structs.replace(terms, grantee=msgspec.structs.replace(terms.grantee, kind="other"))
    assert isinstance(decided(the_hit(), agreed(fire)), Withheld)


def test_fields_that_the_mou_does_not_name_do_not_leave_nor_what_would_tell_them() -> None:
    hit = the_hit()
    granted = decided(hit, sharing_hits())
    assert isinstance(granted, Granted)
    shown = shared_hit(hit, 7, granted)
    assert (shown.read.state, shown.read.vehicle, shown.read.direction) == (None, None, None)
    assert (shown.comparison.state, shown.comparison.vehicle) == ("unknown", VehicleComparison())
    assert [one.direction for one in shown.sightings] == [None]
    assert shown.pictures == ()
    whole = encode(shown)
    for hidden in (b"Ford", b"towards", b"away", b"plate.jpg", b"scene.jpg", b"entered_by", b"requested_by"):
        assert hidden not in whole


def test_fields_that_it_names_do_and_pictures_only_with_images() -> None:
    hit, fields = the_hit(), ("state", "vehicle", "direction")
    granted = decided(hit, sharing_hits(fields=fields, data_kinds=("hits", "images")))
    assert isinstance(granted, Granted)
    shown = shared_hit(hit, 7, granted)
    assert (shown.read.state, shown.read.vehicle, shown.read.direction) == ("CA", hit.read.vehicle, "towards")
    assert shown.comparison == hit.comparison
    assert shown.pictures == ("plate", "scene")
    assert shown.sequence == 7
    withheld = decided(
        the_hit(images_withheld_from=("barstow",)), sharing_hits(fields=fields, data_kinds=("hits", "images"))
    )
    assert isinstance(withheld, Granted)
    assert "pictures" not in withheld.shows


def test_whether_any_hits_are_given_at_all() -> None:
    assert Agreed((sharing_hits(),), POLICIES, AT).grants_hits(PARTNER)
    assert not Agreed((sharing_hits(ends_at=AT),), POLICIES, AT).grants_hits(PARTNER)
    assert not Agreed((agreed(some_terms()),), POLICIES, AT).grants_hits(PARTNER)
    assert not Agreed((sharing_hits(),), POLICIES, AT).grants_hits(a_partner("barstow", "florence"))
