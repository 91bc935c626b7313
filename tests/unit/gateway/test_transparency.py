"""What an agency publishes: figures that are about nobody, and when they are computed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from plateward.contracts.sharing import SharingAgreement
from plateward.policy.catalogue import load_catalogue
from services.gateway.transparency.figures import publishable, rate_per_thousand
from services.gateway.transparency.nightly import is_due
from services.gateway.transparency.publication import OTHER_PURPOSES, Audited, Known, publication
from tests.support.cameras import a_camera

POLICIES = load_catalogue()
FLORENCE = POLICIES["florence"]
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def an_agreement(**changes: object) -> SharingAgreement:
    known: dict[str, object] = {
        "id": UUID(int=1),
        "mou_id": "coast",
        "mou_version": 2,
        "grantor": "florence",
        "grantee": "barstow",
        "data_kinds": ("hits",),
        "starts_at": AT - timedelta(days=1),
        "ends_at": AT + timedelta(days=1),
    }
    return SharingAgreement(**(known | changes))  # type: ignore[arg-type]


def known(**changes: object) -> Known:
    nothing: dict[str, object] = {
        "from_day": date(2026, 4, 1),
        "until_day": date(2026, 4, 30),
        "reads": 0,
        "hits": 0,
        "searches": {},
        "cameras": (),
        "agreements": (),
        "purges": (),
        "audited": Audited(date(2025, 5, 1)),
        "ended_at": AT,
    }
    return Known(**(nothing | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (1, "fewer than 10"), (9, "fewer than 10"), (10, "10"), (12, "10"), (12_346, "12,345")],
)
def test_small_numbers_are_not_told_and_others_are_rounded(count: int, said: str) -> None:
    assert publishable(count).said == said


def test_a_rate_tells_no_number_that_is_not_told_itself() -> None:
    assert rate_per_thousand(publishable(25), publishable(10_000)) == 2.5
    assert rate_per_thousand(publishable(7), publishable(10_000)) is None
    assert rate_per_thousand(publishable(0), publishable(0)) is None


def test_every_allowed_purpose_stands_there_and_what_the_policy_does_not_name_is_put_together() -> None:
    first = FLORENCE.purposes.allowed[0]
    made = publication(FLORENCE, known(searches={first.id: 40, "of-before": 20, "of-old": 21}), POLICIES, AT)
    by_purpose = {one.label: one.count.said for one in made.searches_by_purpose}
    assert by_purpose.keys() == {purpose.label for purpose in FLORENCE.purposes.allowed} | {OTHER_PURPOSES}
    assert (by_purpose[first.label], by_purpose[OTHER_PURPOSES], made.searches.said) == ("40", "40", "80")


def test_partners_are_those_of_agreements_in_force() -> None:
    agreements = [
        an_agreement(),
        an_agreement(grantor="barstow", grantee="flagstaff", mou_id="others"),
        an_agreement(mou_id="ended", ends_at=AT),
        an_agreement(mou_id="suspended", suspended_at=AT - timedelta(hours=1)),
    ]
    (partner,) = publication(FLORENCE, known(agreements=agreements), POLICIES, AT).partners
    assert (partner.mou, partner.grantee) == ("coast, version 2", "Barstow Police Department")


def test_partners_are_those_of_the_end_of_the_last_day_whenever_it_is_computed() -> None:
    agreed = known(agreements=[an_agreement(ends_at=AT + timedelta(hours=1))])
    made = [publication(FLORENCE, agreed, POLICIES, AT + timedelta(hours=hours)).partners for hours in (0, 9)]
    assert len(made[0]) == 1 and made[0] == made[1]


def test_audits_are_told_with_their_day_and_without_small_numbers() -> None:
    audited = Audited(date(2025, 5, 1), closed=4, inquiries=61, violations=1, last_closed_on=date(2026, 4, 2))
    told = publication(FLORENCE, known(audited=audited), POLICIES, AT).audits
    assert (told.closed.said, told.inquiries.said, told.violations.said) == ("fewer than 10", "60", "fewer than 10")
    assert told.last_closed_on == date(2026, 4, 2)


def test_cameras_are_counted_by_area_and_as_they_are() -> None:
    cameras = [a_camera("florence-1", "key"), a_camera("florence-2", "key")]
    made = publication(FLORENCE, known(cameras=cameras), POLICIES, AT)
    assert [(one.area, one.cameras) for one in made.cameras] == [(f"All of {FLORENCE.name}", 2)]


@pytest.mark.parametrize(
    ("computed_at", "due"),
    [
        (None, True),
        (datetime(2026, 5, 1, 9, 59, tzinfo=UTC), True),  # before three in the morning in Oregon
        (datetime(2026, 5, 1, 10, 1, tzinfo=UTC), False),
    ],
)
def test_it_is_computed_anew_each_night_on_the_agencys_clocks(computed_at: datetime | None, due: bool) -> None:
    assert is_due(FLORENCE, computed_at, AT) is due
