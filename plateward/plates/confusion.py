"""Which characters a reader confuses, and the match key that folds them together.

The classes are the errors that were seen to remain in readings of real photographs: by far the most are O for 0,
then I, L and J for 1, S for 5, G for 6, B for 8, Z for 2.
"""

CONFUSION_CLASSES = ("0ODQ", "1ILJ", "2Z", "5S", "6G", "8B")
"""Characters that a reader could take for each other; the first of each class stands for all of it."""

_FOLD = str.maketrans({character: group[0] for group in CONFUSION_CLASSES for character in group})


def match_key(plate: str) -> str:
    """The plate with each character replaced by its confusion class: plates that a reader could confuse share it.

    It makes a confusable look-up one exact look-up; what agreed and what was only confusable is said afterwards,
    character by character.
    """
    return plate.translate(_FOLD)


def confusable(one: str, other: str) -> bool:
    """Whether a reader could take one character for the other."""
    return match_key(one) == match_key(other)
