"""Partial plates, with what is known of the vehicle and where it is looked for."""

from dataclasses import replace

import pytest

from plateward.contracts.hot_list import Area
from plateward.contracts.reads import VehicleDescription
from plateward.plates.patterns import normalise_listed
from plateward.policy.catalogue import load_catalogue
from services.gateway.entries.new_entry import what_an_entry_lacks
from tests.unit.gateway.entries import AT, a_new_entry
from tests.unit.matcher.events import NOW, a_join, a_read, an_entry

VAN = VehicleDescription(colour="white", kind="van", features=("ladder on the roof",))


@pytest.mark.clause("F12")
def test_a_partial_plate_and_an_unusual_vehicle_can_be_entered() -> None:
    flagstaff = load_catalogue()["flagstaff"]
    assert what_an_entry_lacks(replace(a_new_entry(), plate=" 7ab-?* ", vehicle=VAN), flagstaff, AT) == ()
    assert normalise_listed(" 7ab-?* ") == "7AB?*"


@pytest.mark.clause("F12")
@pytest.mark.clause("B6")
def test_a_partial_plate_hits_what_it_could_be_and_says_what_speaks_against_it() -> None:
    join = a_join(an_entry("7AB?*", vehicle=VAN))
    (hit,) = join.hits_of(a_read("7A8X12", vehicle=VehicleDescription(colour="red", kind="Van")), NOW)
    assert (hit.comparison.grade, hit.comparison.contradicted) == ("partial", ("colour",))
    assert (hit.comparison.vehicle.kind, hit.entry.vehicle) == ("agrees", VAN)
    assert not join.hits_of(a_read("7AC123"), NOW)


@pytest.mark.clause("B6")
@pytest.mark.parametrize(("radius_m", "hits"), [(1500.0, 1), (1000.0, 0)])
def test_a_vehicle_is_looked_for_around_a_scene(radius_m: float, hits: int) -> None:
    """The scene is 0.012 degrees of latitude, 1,334 m, north of the camera."""
    read = a_read("7ABC123")
    area = Area(latitude=read.place.latitude + 0.012, longitude=read.place.longitude, radius_m=radius_m)
    assert len(a_join(an_entry("7AB*", area=area)).hits_of(read, NOW)) == hits
