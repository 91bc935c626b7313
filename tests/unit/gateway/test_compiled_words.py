"""What compiled lists are made of, in words."""

import pytest

from plateward.contracts.questions import VehicleAsked
from services.gateway.compiling.definition import OnList, SeenBy, Source
from services.gateway.compiling.plain_words import source_in_words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (OnList(list_id="ncic"), "stand on the list ncic"),
        (
            OnList(list_id="ncic", categories=("stolen-vehicle", "felony-vehicle")),
            "stand on the list ncic, as stolen vehicle or felony vehicle",
        ),
        (SeenBy(), "cameras have read in the last 24 h"),
        (
            SeenBy(hours_back=2, cameras=("a", "b"), at_least=3, vehicle=VehicleAsked(make="Honda", colour="red")),
            "cameras have read at a, b 3 times or more in the last 2 h, described as red Honda",
        ),
    ],
)
def test_a_source_is_said_in_words(source: Source, words: str) -> None:
    assert source_in_words(source) == words
