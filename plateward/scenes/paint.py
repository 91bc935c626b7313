"""The colours vehicles are painted, by the words that people use for them."""

from plateward.scenes.light import Linear, linear

PAINTS: dict[str, tuple[int, int, int]] = {
    "white": (232, 234, 234),
    "black": (26, 24, 23),
    "silver": (178, 176, 172),
    "grey": (98, 94, 90),
    "red": (34, 28, 158),
    "maroon": (38, 22, 88),
    "blue": (128, 66, 32),
    "green": (58, 78, 40),
    "beige": (150, 178, 192),
    "gold": (92, 142, 168),
    "brown": (44, 62, 84),
    "orange": (30, 98, 212),
    "yellow": (48, 186, 226),
}
"""BGR paint by name."""


def paint(colour: str) -> Linear:
    """The paint's albedo; raises ValueError for a colour not kept, and names it."""
    if colour not in PAINTS:
        raise ValueError(f"no paint called {colour!r}; there are {', '.join(sorted(PAINTS))}")
    return linear(PAINTS[colour])
