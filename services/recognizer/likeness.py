"""How alike two spellings are: whether they can be of one plate, read twice."""

from plateward.plates.confusion import match_key


def likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same, or taken for each other by a reader): 1 - edits / longer length.

    Symmetric. An edit is a character changed, left out or put in.
    """
    longer = max(len(one), len(other))
    return 1.0 if longer == 0 else 1.0 - _edits(match_key(one), match_key(other)) / longer


def _edits(one: str, other: str) -> int:
    """The edit distance of Levenshtein, a row at a time."""
    above = list(range(len(other) + 1))
    for number, character in enumerate(one, start=1):
        row = [number]
        for column, against in enumerate(other, start=1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (character != against)))
        above = row
    return above[-1]
