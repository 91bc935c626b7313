from datetime import timedelta

import msgspec
import pytest

from plateward.policy.catalogue import load_catalogue
from services.retention.topics_kept import outlived, shortest, too_long

CATALOGUE = load_catalogue()


@pytest.mark.clause("F15")
def test_no_topic_keeps_vehicles_for_as_long_as_any_agency_keeps_reads() -> None:
    assert shortest(CATALOGUE.values()) == timedelta(days=30)
    assert too_long(CATALOGUE) == []


def test_an_agency_that_keeps_reads_for_a_week_makes_topics_of_a_week_too_long() -> None:
    retention = msgspec.structs.replace(CATALOGUE["florence"].retention, default_days=7)
    strict = {**CATALOGUE, "florence": msgspec.structs.replace(CATALOGUE["florence"], retention=retention)}
    assert {one.split(":")[0] for one in too_long(strict)} == {
        "topic plate-reads.dead", "topic hits", "topic hits.dead"
    }  # fmt: skip


def test_a_topic_that_the_brokers_keep_for_ever_is_too_long() -> None:
    assert too_long(CATALOGUE, {"hits": None, "plate-reads": timedelta(days=1)}) == [
        "topic hits: keeps records for ever, and an agency keeps reads for 30 days, 0:00:00"
    ]


def test_a_record_lives_on_until_its_segment_goes() -> None:
    assert outlived(timedelta(days=7)) == timedelta(days=7, hours=6, minutes=10)
