"""What a person may do at a moment, of what title and record."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from plateward.policy.catalogue import load_catalogue, read_profile
from plateward.policy.profile import AgencyProfile
from plateward.policy.training import TrainingRecord
from services.gateway.standing import Record, standing

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CATALOGUE = load_catalogue()
STRICT = read_profile(
    (Path(__file__).parents[2] / "data" / "profiles" / "ashgrove.yaml").read_text(encoding="utf-8"), "ashgrove.yaml"
)
DATA = {"search", "watch-hits", "view-images", "list-entries", "enter-entries"}


def trained(profile: AgencyProfile, on: date = date(2026, 2, 1), without: str | None = None) -> Record:
    recorded = datetime(on.year, on.month, on.day, 18, tzinfo=UTC)
    kinds = {one for ids in profile.training.required.values() for one in ids} - {without}
    return Record(tuple(TrainingRecord(one, on, recorded) for one in sorted(kinds)))


@pytest.mark.parametrize("profile", [*CATALOGUE.values(), STRICT], ids=lambda one: one.id)
def test_no_title_sees_data_without_training(profile: AgencyProfile) -> None:
    for title in profile.authorised.titles:
        now = standing(profile, title, Record(), AT)
        assert not now.rights & DATA
        assert set(now.withheld) >= profile.rights_of(title) & DATA
        assert all("is not on file" in why for why in now.withheld.values())
        assert standing(profile, title, trained(profile), AT).rights == profile.rights_of(title)


def test_training_counts_to_its_last_day_and_not_beyond() -> None:
    profile = CATALOGUE["flagstaff"]
    record = trained(profile, date(2024, 3, 1))
    assert "search" in standing(profile, "Officer", record, AT).rights
    after = standing(profile, "Officer", record, AT + timedelta(days=1))
    assert "search" not in after.rights
    assert "counted until 2026-03-01 (Flagstaff PD Policy 317, 317.4.A.4-5" in after.withheld["search"]


def test_training_that_lies_ahead_does_not_count_yet() -> None:
    profile = CATALOGUE["flagstaff"]
    assert not standing(profile, "Officer", trained(profile, date(2026, 3, 2)), AT).rights & DATA


def test_each_kind_of_access_asks_for_its_own_training() -> None:
    profile = CATALOGUE["stockton"]
    without_course = standing(profile, "Detective", trained(profile, without="alpr-course"), AT)
    assert without_course.rights == DATA | {"receive-releases"}, "a letter is handed to anybody"
    assert set(without_course.withheld) == {"watch-cameras"}
    without_privacy = standing(profile, "Detective", trained(profile, without="privacy"), AT)
    assert without_privacy.rights == {"receive-releases"}


def test_a_violation_takes_every_right_until_a_retraining_after_it() -> None:
    profile, record = CATALOGUE["barstow"], trained(CATALOGUE["barstow"])
    violated = Record(record.trainings, violated_at=AT - timedelta(hours=1))
    now = standing(profile, "Captain", violated, AT)
    assert now.rights == frozenset()
    assert "suspended since 2026-03-01 after a violation" in now.withheld["search"]

    def with_retraining(completed_on: date, recorded_at: datetime) -> Record:
        again = TrainingRecord("policy-retraining", completed_on, recorded_at)
        return Record((*record.trainings, again), violated_at=violated.violated_at)

    before = with_retraining(date(2026, 2, 1), AT - timedelta(days=20))
    backdated = with_retraining(date(2026, 2, 1), AT)
    after = with_retraining(date(2026, 3, 1), AT)
    assert not standing(profile, "Captain", before, AT).rights
    assert not standing(profile, "Captain", backdated, AT).rights
    assert standing(profile, "Captain", after, AT).rights == profile.rights_of("Captain")


def test_a_vendor_has_a_window_and_never_data() -> None:
    profile = CATALOGUE["barstow"]
    inside = Record(maintains_until=AT + timedelta(hours=1))
    assert standing(profile, "Vendor technician", inside, AT).rights == {"watch-cameras"}
    for record in (Record(), Record(maintains_until=AT)):
        assert standing(profile, "Vendor technician", record, AT).rights == frozenset()
    assert standing(profile, "Vendor technician", trained(profile), AT).rights == frozenset()
