"""What can be wrong with the stored tree."""


class TreeDamaged(Exception):
    """The stored log is not as it was: rows are missing, or say otherwise. Nothing is appended or signed any more."""
