"""When two words for a vehicle's colour may mean the same paint: people and cameras name shades differently."""

_ALIKE = (
    {"white", "silver", "grey", "gray"},
    {"grey", "gray", "black", "blue"},
    {"red", "maroon", "burgundy", "orange"},
    {"beige", "gold", "tan", "champagne", "yellow", "silver", "white"},
    {"brown", "bronze", "gold", "beige", "tan", "maroon"},
    {"green", "teal", "turquoise", "blue"},
    {"blue", "purple", "navy"},
    {"purple", "maroon", "burgundy"},
)


def may_be_alike(one: str, other: str) -> bool:
    """Whether somebody may call the paint by the one word and somebody else by the other.

    A word that is not known here is only like itself.
    """
    one, other = one.casefold().strip(), other.casefold().strip()
    return one == other or any(one in shades and other in shades for shades in _ALIKE)
