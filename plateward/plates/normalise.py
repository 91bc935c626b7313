"""One spelling for a plate, however it was written."""

import unicodedata

PLATE_LENGTH_MAX = 12


class NotAPlate(ValueError):
    """The text cannot be a plate; says why."""


def normalise(text: str) -> str:
    """The plate in capitals A to Z and digits, without what people put between them; raises NotAPlate."""
    folded = unicodedata.normalize("NFKD", text).upper()
    plate = "".join(character for character in folded if character.isascii() and character.isalnum())
    stray = [c for c in folded if not c.isascii() and c.isalnum()]
    if stray:
        raise NotAPlate(f"plate: {stray[0]!r} is not a letter A to Z or a digit")
    if not plate:
        raise NotAPlate("plate: has no letter or digit")
    if len(plate) > PLATE_LENGTH_MAX:
        raise NotAPlate(f"plate: has {len(plate)} characters, at most {PLATE_LENGTH_MAX} are allowed")
    return plate
