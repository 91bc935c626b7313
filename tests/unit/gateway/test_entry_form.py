"""What the form for a new entry of the hot list says, in particular how widely its vehicle is looked for."""

from zoneinfo import ZoneInfo

import pytest

from plateward.contracts.hot_list import Area
from services.gateway.adapters.pages.forms import Filled, entry_asked
from services.gateway.entries.new_entry import NewEntry

ZONE = ZoneInfo("America/Los_Angeles")


def filled(**values: str) -> Filled:
    return Filled({"plate": "7AB?*", "expires_at": "2026-03-01T09:30"} | values)


def asked(**values: str) -> NewEntry:
    entry = entry_asked(filled(**values), ZONE)
    assert entry is not None
    return entry


def test_an_entry_is_looked_for_everywhere_and_as_it_is_read_unless_the_form_says_more() -> None:
    assert (asked().near_misses, asked().area) == (False, None)


def test_the_form_asks_for_near_misses_and_for_an_area() -> None:
    entry = asked(near_misses="yes", centre="34.8987, -117.0228", radius_m="5000")
    assert entry.near_misses
    assert entry.area == Area(latitude=34.8987, longitude=-117.0228, radius_m=5000.0)


@pytest.mark.parametrize(
    ("centre", "radius_m"),
    [
        ("34.8987, -117.0228", ""),
        ("", "5000"),
        ("34.8987", "5000"),
        ("Barstow", "5000"),
        ("34.8987, -117.0228", "0"),
        ("34.8987, -117.0228", "1000001"),
        ("91, -117.0228", "5000"),
        ("nan, -117.0228", "5000"),
        ("34.8987, -117.0228", "nan"),
    ],
)
def test_an_area_that_is_none_is_named_beside_its_field(centre: str, radius_m: str) -> None:
    form = filled(centre=centre, radius_m=radius_m)
    assert entry_asked(form, ZONE) is None
    assert set(form.errors) == {"centre"}
