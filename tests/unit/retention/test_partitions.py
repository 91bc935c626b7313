from datetime import date, timedelta

from plateward.policy.catalogue import load_catalogue
from services.retention.partitions import days_ahead, partition_name

TODAY = date(2026, 2, 27)


def test_a_partition_is_named_by_its_day() -> None:
    assert partition_name("reads", date(2026, 3, 1)) == "reads_20260301"
    assert partition_name("hits", date(2026, 12, 31)) == "hits_20261231"


def test_every_retention_of_every_policy_has_its_coming_days() -> None:
    expected = {TODAY + timedelta(days=kept + coming) for kept in (30, 365, 730) for coming in range(8)}
    assert days_ahead(load_catalogue(), TODAY, 7) == expected


def test_a_retention_for_one_source_alone_counts() -> None:
    barstow = {"barstow": load_catalogue()["barstow"]}
    assert days_ahead(barstow, TODAY, 0) == {TODAY + timedelta(days=365), TODAY + timedelta(days=30)}
