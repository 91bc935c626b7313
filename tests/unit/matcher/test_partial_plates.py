"""Where a partial plate's known characters can lie, and the filter of many of them."""

import random

import numpy as np
import pytest

from plateward.plates.packed_keys import packed_key
from plateward.plates.patterns import fits
from services.matcher.partial_plates import PartialPlates, placings

SOME = random.Random(7)
LETTERS = "ACEFHKMNP3479"


def a_plate() -> str:
    return "".join(SOME.choices(LETTERS, k=7))


def a_partial_plate() -> str:
    plate = a_plate()
    shapes = (
        plate[:4] + "*",
        plate[:2] + "?" + plate[3:],
        "*" + plate[2:],
        "*" + plate[1:5] + "*",
        plate[:2] + "*" + plate[5:],
    )
    return SOME.choice(shapes)


@pytest.mark.parametrize(
    ("partial", "count"),
    [("7AB", 1), ("7A?B", 1), ("7AB*", 1), ("*7AB", 10), ("7*AB", 10), ("*7AB*", 10), ("7**AB", 10), ("*7*AB", 55)],
)
def test_every_way_in_which_it_can_lie(partial: str, count: int) -> None:
    assert len(placings(partial)) == count


def test_no_plate_that_fits_passes_unseen_and_few_others_are_taken_for_one() -> None:
    partial = [a_partial_plate() for _ in range(300)]
    index = PartialPlates()
    for row, one in enumerate(partial):
        index.add(row, one)
    plates = [a_plate() for _ in range(500)] + [one.replace("*", "A").replace("?", "A") for one in partial]
    found = index.may_have(np.array([packed_key(plate) for plate in plates], dtype=np.uint64))
    for plate, may_fit in zip(plates, found.tolist(), strict=True):
        fitting = {row for row, one in enumerate(partial) if fits(one, plate)}
        assert fitting <= set(index.rows(packed_key(plate)))
        assert may_fit or not fitting
    assert found[:500].mean() < 0.2


def test_what_was_removed_is_found_no_more_and_the_rest_still_is() -> None:
    partial = [a_partial_plate() for _ in range(300)]
    index = PartialPlates()
    for row, one in enumerate(partial):
        index.add(row, one)
    for row, one in enumerate(partial[:290]):
        index.remove(row, one)
    keys = [packed_key(one.replace("*", "A").replace("?", "A")) for one in partial]
    assert all(row in set(index.rows(keys[row])) for row in range(290, 300))
    assert not any(set(index.rows(key)) & set(range(290)) for key in keys)
    assert index.may_have(np.array(keys[290:], dtype=np.uint64)).all()
    for row, one in enumerate(partial[290:], 290):
        index.remove(row, one)
    assert not index.may_have(np.array(keys, dtype=np.uint64)).any()
