"""What the desk says of a hit."""

import msgspec

from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import Candidate, PlateRead, VehicleDescription
from services.gateway.adapters.pages.words import comparison_words, contradictions, weakness
from tests.unit.matcher.events import NOW, a_join, a_read, an_entry


def hit_of(entry: HotListEntry, read: PlateRead) -> HitRaised:
    (hit,) = a_join(entry).hits_of(read, NOW)
    assert msgspec.json.decode(msgspec.json.encode(hit), type=HitRaised) == hit
    return hit


def test_a_plate_that_is_the_one_listed_has_no_weakness() -> None:
    hit = hit_of(an_entry("7KXR214"), a_read("7KXR214"))
    assert (weakness(hit), contradictions(hit)) == ("", [])
    assert comparison_words(hit.comparison.characters) == "Every character agrees."


def test_a_less_likely_reading_is_called_that_with_its_share_and_what_is_likelier() -> None:
    candidates = (Candidate(plate="7KXP214", confidence=0.9), Candidate(plate="7KXR2I4", confidence=0.06))
    hit = hit_of(an_entry("7KXR214"), a_read("7KXP214", candidates=candidates))
    assert weakness(hit) == "A less likely reading, 6 % sure. The likeliest is 7KXP214."
    assert comparison_words(hit.comparison.characters) == "Easily confused: 1 read as I."


def test_a_character_that_is_only_on_one_side_is_named() -> None:
    lost = hit_of(an_entry("7KXR214", near_misses=True), a_read("7KXR14"))
    more = hit_of(an_entry("7KXR214", near_misses=True), a_read("7KXRA214"))
    assert weakness(lost) == weakness(more) == "A near miss: one character more or less than listed."
    assert comparison_words(lost.comparison.characters) == "Not read: 2."
    assert comparison_words(more.comparison.characters) == "Not listed: A."


def test_a_partial_plate_says_that_it_is_many_vehicles() -> None:
    hit = hit_of(an_entry("7KX?*"), a_read("7KXR2"))
    assert weakness(hit) == "A partial plate: many vehicles can have it."
    assert comparison_words(hit.comparison.characters) == "Not known: R, 2."


def test_every_contradiction_is_a_sentence() -> None:
    entry = an_entry("A1", state="CA", vehicle=VehicleDescription(colour="white", make="Ford"))
    hit = hit_of(entry, a_read("A1", state="NV", vehicle=VehicleDescription(colour="red", make="ford")))
    assert contradictions(hit) == [
        "State of issue contradicts: the plate was read as NV, listed is CA.",
        "Vehicle contradicts: colour seen is red, listed is white.",
    ]
