from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest

from plateward.policy.catalogue import load_catalogue
from services.retention.admission import is_over, why_hit_refused, why_read_refused
from tests.unit.retention.events import a_hit, a_read

CATALOGUE = load_catalogue()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

READ = a_read(captured_at=NOW, expires_on=date(2026, 3, 31))
HIT = a_hit(READ, raised_at=NOW)


def test_a_read_on_its_policys_day_is_kept_and_so_is_one_before() -> None:
    assert why_read_refused(READ, CATALOGUE, NOW) is None
    shorter = msgspec.structs.replace(READ, expires_on=date(2026, 3, 10))
    assert why_read_refused(shorter, CATALOGUE, NOW) is None


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"expires_on": date(2026, 4, 1)}, "expires_on: 2026-04-01 is later than 2026-03-31"),
        ({"agency_id": "nowhere"}, "agency_id: no profile has the id 'nowhere'"),
        ({"captured_at": datetime(2026, 3, 1, 12)}, "captured_at: has no time zone"),  # noqa: DTZ001
        ({"captured_at": NOW + timedelta(days=2)}, "captured_at: 2026-03-03T12:00:00+00:00 lies in the future"),
        (
            {"captured_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1)))},
            "captured_at: 0001-01-01T00:00:00+01:00 is no time that can be kept",
        ),
    ],
)
def test_a_refusal_names_the_field_and_the_rule(changes: dict[str, object], rule: str) -> None:
    read = msgspec.structs.replace(READ, **changes)
    assert (why_read_refused(read, CATALOGUE, NOW) or "").startswith(rule)
    hit = msgspec.structs.replace(HIT, read=read)
    assert (why_hit_refused(hit, CATALOGUE, NOW) or "").startswith(f"read.{rule}")


def test_a_hit_is_kept_when_its_read_is() -> None:
    assert why_hit_refused(HIT, CATALOGUE, NOW) is None
    naive = msgspec.structs.replace(HIT, raised_at=datetime(2026, 3, 1))  # noqa: DTZ001
    assert why_hit_refused(naive, CATALOGUE, NOW) == "raised_at: has no time zone"


def test_a_source_with_a_time_of_its_own_is_held_to_it() -> None:
    own = msgspec.structs.replace(READ, agency_id="barstow", expires_on=date(2027, 3, 1))
    assert why_read_refused(own, CATALOGUE, NOW) is None
    vendor = msgspec.structs.replace(own, source="vendor-cloud")
    assert "later than 2026-03-31" in (why_read_refused(vendor, CATALOGUE, NOW) or "")


def test_a_day_is_over_from_its_first_moment_in_utc() -> None:
    day = date(2026, 3, 31)
    midnight = datetime(2026, 3, 31, tzinfo=UTC)
    assert not is_over(day, midnight - timedelta(microseconds=1))
    assert is_over(day, midnight)
    arizona = timezone(timedelta(hours=-7))
    assert is_over(day, datetime(2026, 3, 30, 17, tzinfo=arizona))
