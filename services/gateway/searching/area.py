"""Areas on the ground. Cameras are few, so plain arithmetic on each of them is enough. Pure."""

import math

import msgspec

from plateward.contracts.questions import CircleAsked, PolygonAsked

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of the earth's mean radius."""

OUTLINED_BY = 64
"""Corners of a circle where it is drawn: they leave out less than a thousandth of its radius."""


class Box(msgspec.Struct, frozen=True):
    """What an area certainly lies within."""

    south: float
    north: float
    west: float
    east: float


class Circle(CircleAsked, frozen=True, tag="circle"):
    """All that is at most so far from a point."""

    def contains(self, latitude: float, longitude: float) -> bool:
        """Whether the place lies within, its edge included."""
        north_m = (latitude - self.latitude) * METRES_PER_DEGREE
        east_m = (longitude - self.longitude) * METRES_PER_DEGREE * _shrink(self.latitude)
        return math.hypot(north_m, east_m) <= self.radius_m

    @property
    def box(self) -> Box:
        """The square around it."""
        tall = self.radius_m / METRES_PER_DEGREE
        wide = tall / max(_shrink(self.latitude), 1e-6)
        return Box(self.latitude - tall, self.latitude + tall, self.longitude - wide, self.longitude + wide)

    @property
    def outline(self) -> tuple[tuple[float, float], ...]:
        """Corners that all lie on its edge, so that what lies within them lies within it."""
        tall = self.radius_m / METRES_PER_DEGREE
        wide = tall / max(_shrink(self.latitude), 1e-6)
        turns = [2 * math.pi * corner / OUTLINED_BY for corner in range(OUTLINED_BY)]
        return tuple((self.latitude + tall * math.sin(turn), self.longitude + wide * math.cos(turn)) for turn in turns)


class Polygon(PolygonAsked, frozen=True, tag="polygon"):
    """What lies within these corners (latitude, longitude), which are joined in their order, the last to the first."""

    def contains(self, latitude: float, longitude: float) -> bool:
        """Whether a line drawn east from the place crosses the edge an odd number of times."""
        within = False
        for (south, west), (north, east) in zip(self.corners, self.corners[1:] + self.corners[:1], strict=True):
            if (south > latitude) != (north > latitude):
                crossing = west + (latitude - south) / (north - south) * (east - west)
                within ^= longitude < crossing
        return within

    @property
    def box(self) -> Box:
        """From its southmost corner to its northmost, from its westmost to its eastmost."""
        latitudes, longitudes = zip(*self.corners, strict=True)
        return Box(min(latitudes), max(latitudes), min(longitudes), max(longitudes))

    @property
    def outline(self) -> tuple[tuple[float, float], ...]:
        """Its corners."""
        return self.corners


Area = Circle | Polygon


def _shrink(latitude: float) -> float:
    """How long a degree of longitude is there, as a share of one of latitude."""
    return math.cos(math.radians(latitude))
