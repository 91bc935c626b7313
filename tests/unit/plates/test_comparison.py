"""What an entry and a read have in common: the grade of the plate, and what agrees, contradicts or is not known."""

import pytest

from plateward.contracts.hits import Agreement, Comparison, VehicleComparison
from plateward.contracts.reads import Candidate, VehicleDescription
from plateward.plates.comparison import compare, compare_states, compare_vehicles, one_off
from tests.unit.matcher.events import a_read, an_entry


def compared(listed: str, read: str, *candidates: tuple[str, float], near_misses: bool = False) -> Comparison | None:
    spellings = tuple(Candidate(plate=plate, confidence=share) for plate, share in ((read, 0.8), *candidates))
    return compare(an_entry(listed, near_misses=near_misses), a_read(read, candidates=spellings))


@pytest.mark.parametrize(
    ("listed", "read", "near_misses", "grade"),
    [
        ("7KXR214", "7KXR214", False, "exact"),
        ("7KXR214", "7KXR2I4", False, "confusable"),
        ("7KXR214", "7KXR24", True, "near-miss"),
        ("7KXR214", "7KXR2144", True, "near-miss"),
        ("7KXR214", "7KXRZI", True, "near-miss"),
        ("7KX*", "7KXR214", False, "partial"),
        ("7KX?2?4", "7KXR214", False, "partial"),
    ],
)
def test_how_a_plate_matches(listed: str, read: str, near_misses: bool, grade: str) -> None:
    found = compared(listed, read, near_misses=near_misses)
    assert found is not None
    assert (found.grade, found.candidate) == (grade, None)


@pytest.mark.parametrize(
    ("listed", "read", "near_misses"),
    [
        ("7KXR214", "7KXR24", False),
        ("7KXR214", "7KXR2", True),
        ("7KXR214", "7KXP214", True),
        ("7KXR214", "XKXR14", True),
        ("7KX?", "7KXR2", True),
    ],
)
def test_another_plate_does_not_match(listed: str, read: str, near_misses: bool) -> None:
    assert compared(listed, read, near_misses=near_misses) is None


def test_a_less_likely_spelling_matches_as_what_it_is_with_its_probability() -> None:
    found = compared("7KXR214", "7KXP214", ("7KXF214", 0.1), ("7KXR2I4", 0.04), ("7KXRZ14", 0.06))
    assert found is not None
    assert (found.grade, found.candidate) == ("candidate", Candidate(plate="7KXRZ14", confidence=0.06))
    assert "".join(one.read for one in found.characters) == "7KXRZ14", "what is compared is the candidate"


def test_a_spelling_that_the_recogniser_has_ruled_out_does_not_match() -> None:
    assert compared("7KXR214", "7KXP214", ("7KXR214", 0.0099)) is None


def test_a_whole_candidate_says_more_than_a_near_miss() -> None:
    found = compared("7KXR214", "7KXR21", ("7KXR214", 0.1), near_misses=True)
    assert found is not None
    assert found.grade == "candidate"


@pytest.mark.parametrize("grade", ["exact", "confusable"])
def test_a_candidate_takes_nothing_from_a_better_grade(grade: str) -> None:
    found = compared("7KXR214", "7KXR214" if grade == "exact" else "7KXR2I4", ("7KXRZ14", 0.1))
    assert found is not None
    assert (found.grade, found.candidate) == (grade, None)


@pytest.mark.parametrize(
    ("listed", "read", "agreement"),
    [
        ("AZ", "AZ", "agrees"),
        ("AZ", "NM", "contradicts"),
        ("AZ", None, "unknown"),
        (None, "AZ", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_states_of_issue(listed: str | None, read: str | None, agreement: Agreement) -> None:
    assert compare_states(listed, read) == agreement
    found = compare(an_entry("A1", state=listed), a_read("A1", state=read))
    assert found is not None
    assert found.state == agreement


def test_vehicles_are_compared_part_by_part() -> None:
    listed = VehicleDescription(make="Honda", model="Accord", colour="Dark gray", kind=" ")
    seen = VehicleDescription(make="HONDA", model="Civic", colour="dark  grey", kind="sedan")
    assert compare_vehicles(listed, seen) == VehicleComparison(
        make="agrees", model="contradicts", colour="agrees", kind="unknown"
    )
    assert compare_vehicles(None, seen) == compare_vehicles(listed, None) == VehicleComparison()


def test_a_hit_says_all_that_contradicts_and_is_kept_back_by_none_of_it() -> None:
    entry = an_entry("A1", state="CA", vehicle=VehicleDescription(colour="white", make="Ford", kind="van"))
    read = a_read("A1", state="NV", vehicle=VehicleDescription(colour="red", make="Ford"))
    found = compare(entry, read)
    assert found is not None
    assert (found.grade, found.contradicted) == ("exact", ("state", "colour"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("AB", "ABC", True), ("ABC", "AC", True), ("ABC", "ABC", False), ("ABC", "ABD", False), ("A", "BCA", False)],
)
def test_one_character_more_or_less(one: str, other: str, expected: bool) -> None:
    assert one_off(one, other) == one_off(other, one) == expected
