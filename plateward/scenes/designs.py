"""The plates that states of issue press for passenger vehicles: wording, colours and patterns, as data.

Colours are BGR. The designs are plain likenesses: no seal, no artwork, nothing that could pass for a real plate.
"""

from dataclasses import dataclass

Colour = tuple[int, int, int]

WHITE: Colour = (246, 248, 248)
MOST_STATES_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The letters most states press: I, O and Q are left out, being too like 1 and 0."""


@dataclass(frozen=True, slots=True)
class PlateDesign:
    """One state's passenger plate."""

    code: str
    """The state of issue, as its postal code."""
    name: str
    """What stands across the top."""
    name_colour: Colour
    character_colour: Colour
    patterns: tuple[str, ...]
    """What the state issues: D a digit, L a letter."""
    background: tuple[Colour, ...] = (WHITE,)
    """One colour, or several that blend from the top of the plate to its bottom."""
    band: Colour | None = None
    """A solid strip behind the name, where the design has one."""
    slogan: str = ""
    slogan_colour: Colour = (90, 70, 60)
    gap_after: int | None = None
    """How many characters stand before the gap that the die leaves between groups; the gap is not in the text."""
    letters: str = MOST_STATES_LETTERS


_DESIGNS = (
    PlateDesign(
        code="CA",
        name="CALIFORNIA",
        name_colour=(48, 36, 196),
        character_colour=(98, 42, 30),
        patterns=("DLLLDDD",),
        slogan="DMV.CA.GOV",
        slogan_colour=(110, 60, 40),
    ),
    PlateDesign(
        code="AZ",
        name="ARIZONA",
        name_colour=(250, 250, 250),
        character_colour=(78, 42, 22),
        patterns=("LLLDDDD",),
        background=((168, 96, 112), (222, 188, 202), (242, 238, 240), (214, 226, 240)),
        slogan="GRAND CANYON STATE",
        slogan_colour=(96, 50, 60),
    ),
    PlateDesign(
        code="KY",
        name="KENTUCKY",
        name_colour=(126, 64, 26),
        character_colour=(96, 44, 20),
        patterns=("DDDLLL", "LDLDDD"),
        background=((236, 208, 176), (248, 242, 236), (250, 250, 248)),
        slogan="BLUEGRASS STATE",
        slogan_colour=(130, 74, 34),
        gap_after=3,
    ),
    PlateDesign(
        code="NV",
        name="NEVADA",
        name_colour=(104, 50, 24),
        character_colour=(92, 40, 18),
        patterns=("DDDLDD",),
        background=((226, 190, 150), (240, 232, 226), (222, 232, 242), (196, 222, 240)),
        slogan="HOME MEANS NEVADA",
        slogan_colour=(70, 74, 110),
        gap_after=3,
    ),
    PlateDesign(
        code="NY",
        name="NEW YORK",
        name_colour=(244, 250, 250),
        character_colour=(92, 46, 20),
        patterns=("LLLDDDD",),
        band=(108, 58, 24),
        slogan="EXCELSIOR",
        slogan_colour=(108, 58, 24),
        gap_after=3,
    ),
    PlateDesign(
        code="OR",
        name="OREGON",
        name_colour=(86, 40, 54),
        character_colour=(86, 38, 40),
        patterns=("DDDLLL",),
        background=((238, 214, 206), (244, 236, 234), (226, 236, 228)),
        gap_after=3,
    ),
    PlateDesign(
        code="TX",
        name="TEXAS",
        name_colour=(40, 34, 32),
        character_colour=(34, 30, 30),
        patterns=("LLLDDDD",),
        slogan="THE LONE STAR STATE",
        slogan_colour=(48, 42, 40),
        gap_after=3,
        letters="BCDFGHJKLMNPRSTVWXYZ",
    ),
    PlateDesign(
        code="WA",
        name="WASHINGTON",
        name_colour=(128, 66, 34),
        character_colour=(104, 48, 28),
        patterns=("LLLDDDD",),
        background=((246, 236, 226), (248, 246, 242), (238, 222, 204)),
        slogan="EVERGREEN STATE",
        slogan_colour=(122, 66, 40),
    ),
)

DESIGNS: dict[str, PlateDesign] = {design.code: design for design in _DESIGNS}


def design_of(state: str) -> PlateDesign:
    """The plate design of a state of issue.

    Raises:
        ValueError: when no design is kept for that state; it names the state.

    """
    if state not in DESIGNS:
        raise ValueError(f"no plate design for state {state!r}; there are {', '.join(sorted(DESIGNS))}")
    return DESIGNS[state]
