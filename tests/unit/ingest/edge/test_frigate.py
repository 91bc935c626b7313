"""Frigate's messages."""

from typing import Any

import pytest

from services.ingest.edge.frigate import edge_reads
from services.ingest.refusals import Refused
from tests.support.edge import AT, document


def test_a_plate() -> None:
    ((camera, read),) = edge_reads(document("frigate-lpr.json"))
    assert camera == "north_drive"
    assert (read.plate, read.confidence, read.captured_at) == ("KDT4471", 0.93, AT)
    assert read.names == ("1772356324.250000-q7m2xk",)
    assert (read.plate_picture, read.scene_picture) == (None, None)


def test_other_messages_are_left_alone() -> None:
    assert edge_reads(document("frigate-description.json")) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [({"score": 93}, "score"), ({"timestamp": "now"}, "timestamp"), ({"plate": None}, "plate"), ({"id": 1}, "id")],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        edge_reads(document("frigate-lpr.json") | change)
    assert refused.value.field == field
