"""Match keys as whole numbers, and the header that carries those of a read's candidates."""

import string

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from plateward.contracts.examples import PLATE_READ
from plateward.contracts.reads import CANDIDATE_KEYS, Candidate
from plateward.plates.confusion import match_key
from plateward.plates.packed_keys import BITS, SYMBOLS, candidate_keys, packed_key

PLATES = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=12)


@given(PLATES, PLATES)
@example("0", "00")
@example("OOO", "0Q0")
def test_one_packed_key_is_one_match_key(one: str, other: str) -> None:
    assert (packed_key(one) == packed_key(other)) == (match_key(one) == match_key(other))


@given(PLATES)
def test_each_character_has_its_place(plate: str) -> None:
    places = [(packed_key(plate) >> (BITS * (11 - place))) % (1 << BITS) for place in range(12)]
    assert places == [SYMBOLS.index(one) + 1 for one in match_key(plate)] + [0] * (12 - len(plate))
    assert packed_key(plate) < 1 << 63


@given(PLATES, st.lists(PLATES, max_size=5))
def test_a_header_names_what_else_a_read_may_have_been(plate: str, others: list[str]) -> None:
    candidates = tuple(Candidate(plate=one, confidence=0.1) for one in (plate, *others))
    headers = candidate_keys(msgspec.structs.replace(PLATE_READ, plate=plate, candidates=candidates))
    packed = dict(headers).get(CANDIDATE_KEYS, b"")
    keys = [int.from_bytes(packed[at : at + 8], "big") for at in range(0, len(packed), 8)]
    assert set(keys) == {packed_key(one) for one in others} - {packed_key(plate)}
    assert len(keys) == len(set(keys))


def test_a_read_that_can_be_no_other_plate_has_no_such_header() -> None:
    candidates = (Candidate(plate="AB0", confidence=0.8), Candidate(plate="ABO", confidence=0.2))
    assert candidate_keys(msgspec.structs.replace(PLATE_READ, plate="AB0", candidates=candidates)) == []


def test_a_spelling_that_is_ruled_out_is_not_named() -> None:
    candidates = (Candidate(plate="AB0", confidence=0.99), Candidate(plate="AB7", confidence=0.005))
    assert candidate_keys(msgspec.structs.replace(PLATE_READ, plate="AB0", candidates=candidates)) == []
