"""Areas as a page's form holds them, one a line: a circle by its centre and radius, a polygon by its corners."""

from collections.abc import Iterable

import msgspec

from services.gateway.adapters.pages.forms import point
from services.gateway.searching.area import Area, Circle, Polygon

HINT = "one a line: latitude, longitude, radius in m; or corners: latitude, longitude; latitude, longitude; …"


class NotAnArea(ValueError):
    """A line says no area; says which line."""


def area_lines(areas: Iterable[Area]) -> str:
    """The areas as a form shows them. What `areas_in` makes of that are the same areas, to the last digit."""
    return "\n".join(map(_line, areas))


def areas_in(text: str) -> tuple[Area, ...]:
    """The areas that a form says; raises NotAnArea."""
    return tuple(_area(line) for line in map(str.strip, text.splitlines()) if line)


def _line(area: Area) -> str:
    if isinstance(area, Circle):
        return f"{area.latitude!r}, {area.longitude!r}, {area.radius_m:.15g}"
    return "; ".join(f"{latitude!r}, {longitude!r}" for latitude, longitude in area.corners)


def _area(line: str) -> Area:
    try:
        if ";" in line:
            corners = tuple(point(corner) for corner in line.split(";") if corner.strip())
            return msgspec.convert({"type": "polygon", "corners": corners}, Polygon)
        latitude, longitude, radius_m = map(float, line.split(","))
        circle = {"type": "circle", "latitude": latitude, "longitude": longitude, "radius_m": radius_m}
        return msgspec.convert(circle, Circle)
    except (ValueError, msgspec.ValidationError) as error:
        raise NotAnArea(line) from error
