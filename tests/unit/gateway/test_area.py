"""Areas on the ground."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.searching.area import Area, Circle, Polygon

TRIANGLE = Polygon(corners=((35.0, -112.0), (35.0, -111.0), (36.0, -111.5)))


def test_a_circle_holds_what_is_as_near_as_its_radius() -> None:
    circle = Circle(latitude=35.0, longitude=-111.0, radius_m=1_000)
    assert circle.contains(35.0, -111.0)
    assert circle.contains(35.0 + 999 / 111_195, -111.0)
    assert not circle.contains(35.0 + 1_001 / 111_195, -111.0)
    # At 35 degrees a degree of longitude is a fifth shorter than one of latitude.
    assert circle.contains(35.0, -111.0 + 999 / 91_085)
    assert not circle.contains(35.0, -111.0 + 1_001 / 91_085)


@pytest.mark.parametrize(
    ("place", "within"),
    [((35.2, -111.5), True), ((35.9, -111.5), True), ((35.9, -111.9), False), ((34.9, -111.5), False)],
)
def test_a_polygon_holds_what_its_edges_surround(place: tuple[float, float], within: bool) -> None:
    assert TRIANGLE.contains(*place) is within
    assert Polygon(corners=TRIANGLE.corners[::-1]).contains(*place) is within


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(1, 50_000), st.floats(-1, 1), st.floats(-1, 1))
def test_what_a_circle_holds_its_box_holds(
    latitude: float, longitude: float, radius_m: float, north: float, east: float
) -> None:
    circle = Circle(latitude=latitude, longitude=longitude, radius_m=radius_m)
    place = (latitude + north, longitude + east)
    box = circle.box
    if circle.contains(*place):
        assert box.south - 1e-9 <= place[0] <= box.north + 1e-9
        assert box.west - 1e-9 <= place[1] <= box.east + 1e-9


@pytest.mark.parametrize(
    "area",
    [
        {"type": "circle", "latitude": 91, "longitude": 0, "radius_m": 5},
        {"type": "circle", "latitude": 0, "longitude": 0, "radius_m": 0},
        {"type": "polygon", "corners": [[0, 0], [1, 1]]},
        {"type": "square"},
    ],
)
def test_what_is_no_area_is_refused(area: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(area, Area)
