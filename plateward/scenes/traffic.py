"""What a scene is asked for: vehicles, and how the camera sees each of them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["sedan", "suv", "pickup", "van"]
Daylight = Literal["day", "dusk", "night"]


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle as a witness would give it."""

    plate: str
    """The plate's text, capitals and digits, without gaps."""
    state: str
    """The state of issue, as its postal code."""
    colour: str
    """A plain word for the paint; `plateward.scenes.paint.PAINTS` lists those known."""
    kind: Kind = "sedan"


@dataclass(frozen=True, slots=True)
class View:
    """How the camera sees one vehicle.

    At 11 m, with a lens as long as these cameras carry, a plate is 122 pixels wide in a picture of 1280 by 720;
    from 7 to 12 metres and up to 15 degrees the views are easy.
    """

    distance_m: float = 11.0
    """From the lens to the plate, along the road."""
    angle_deg: float = 0.0
    """The vehicle's heading against the camera's axis; positive shows its left flank."""
    light: Daylight = "day"
    blur: float = 0.6
    """The lens's softness: standard deviation in pixels of a picture 1280 wide."""
    noise: float = 3.0
    """The sensor's noise: standard deviation in grey levels of 255."""
