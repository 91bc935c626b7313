"""How long each policy lets a read be kept, and that it is over on the first moment of the day after."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from plateward.contracts.reads import PlateRead
from plateward.policy.catalogue import load_catalogue
from plateward.policy.retention import expires_on
from services.retention.admission import is_over, why_read_refused
from tests.unit.retention.events import a_read

CATALOGUE = load_catalogue()
CAPTURED = datetime(2026, 1, 1, 18, tzinfo=UTC)


def is_kept_for(agency: str, days: int, *, source: str = "recognizer") -> None:
    """A read may be stored with its policy's day and not with the day after; it is over from that day on."""
    day = expires_on(CATALOGUE[agency], source, CAPTURED)
    assert day == CAPTURED.date() + timedelta(days=days)
    read = of(agency, source, day)
    assert why_read_refused(read, CATALOGUE, CAPTURED) is None
    longer = msgspec.structs.replace(read, expires_on=day + timedelta(days=1))
    assert "is later than" in (why_read_refused(longer, CATALOGUE, CAPTURED) or "")
    first_moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert not is_over(day, first_moment - timedelta(microseconds=1))
    assert is_over(day, first_moment)


def of(agency: str, source: str, day: date) -> PlateRead:
    return a_read(agency_id=agency, source=source, captured_at=CAPTURED, expires_on=day)


@pytest.mark.clause("F15")
def test_flagstaff_keeps_30_days_from_the_images_date() -> None:
    is_kept_for("flagstaff", 30)


@pytest.mark.clause("F15")
def test_a_read_that_arrives_late_is_kept_no_longer() -> None:
    a_week_late = CAPTURED + timedelta(days=7)
    kept_from_arrival = of("flagstaff", "recognizer", a_week_late.date() + timedelta(days=30))
    assert "is later than 2026-01-31" in (why_read_refused(kept_from_arrival, CATALOGUE, a_week_late) or "")


@pytest.mark.clause("B9")
def test_barstow_keeps_a_year_on_its_own_server() -> None:
    is_kept_for("barstow", 365)


@pytest.mark.clause("B9")
def test_barstow_keeps_one_vendors_reads_30_days() -> None:
    is_kept_for("barstow", 30, source="vendor-cloud")


@pytest.mark.clause("K15")
def test_kentucky_keeps_at_most_30_days() -> None:
    is_kept_for("kentucky", 30)


@pytest.mark.clause("L6")
def test_florence_keeps_30_days() -> None:
    is_kept_for("florence", 30)


@pytest.mark.clause("S3")
def test_stockton_keeps_at_most_two_years() -> None:
    is_kept_for("stockton", 730)
    assert expires_on(CATALOGUE["stockton"], "recognizer", CAPTURED) <= date(2028, 1, 1)
