"""Whether a camera stands where an entry looks for its vehicle."""

from math import asin, cos, radians, sin, sqrt

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.hot_list import Area

EARTH_RADIUS_M = 6_371_000.0


def is_inside(area: Area | None, place: CameraPlace) -> bool:
    """Whether a camera stands where an entry looks for its vehicle; everywhere, where it names no area."""
    if area is None:
        return True
    north, north_of_area = radians(place.latitude), radians(area.latitude)
    east = radians(place.longitude - area.longitude)
    # The haversine formula, on a sphere: half a percent off at most.
    chord = sin((north - north_of_area) / 2) ** 2 + cos(north) * cos(north_of_area) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord))) <= area.radius_m
