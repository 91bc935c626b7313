"""Whatever is agreed: nothing is granted that no single MOU grants, suspending never widens, and ends are exact."""

from datetime import datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.adapters.cedar_rulings import CedarRuling
from services.gateway.searching.area import Circle
from services.gateway.searching.scopes import Scope, Shown
from services.gateway.sharing.decision import part_under
from services.gateway.sharing.inquiry import PartnerInquiry, why_not, why_the_owner_refuses
from services.gateway.sharing.mou import FIELDS, KINDS, Mou, Suspension
from tests.unit.gateway.sharing.agreed import AT, POLICIES, agreed, an_actor, an_inquiry, proposed, some_terms

OWNERS = ("stockton", "flagstaff")
PARTNERS = ("barstow", "florence")
PURPOSES = ("stolen-vehicle", "missing-person", "immigration-enforcement", 'a"b\\')
CLASSES = ("felony", "misdemeanour")
CAMERAS = ("c1", "c2", "c3")
NEAR, FAR = (35.0, -111.0), (36.0, -112.0)
AREA = Circle(latitude=NEAR[0], longitude=NEAR[1], radius_m=1000.0)
MOMENTS = st.integers(-5, 5).map(lambda days: AT + timedelta(days=days))


def some_of(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


@st.composite
def mous(draw: st.DrawFn) -> list[Mou]:
    made = []
    for number in range(draw(st.integers(0, 6))):
        begin = draw(MOMENTS)
        terms = some_terms(
            draw(st.sampled_from(OWNERS)),
            draw(st.sampled_from(PARTNERS)),
            mou_id=f"mou-{draw(st.integers(0, 3))}",
            version=number + 1,
            purposes=draw(some_of(*PURPOSES)),
            data_kinds=draw(some_of(*KINDS)),
            fields=draw(some_of(*FIELDS)),
            offence_classes=draw(some_of(*CLASSES)),
            cameras=draw(some_of(*CAMERAS)),
            areas=draw(st.sampled_from([(), (AREA,)])),
            oldest_days=draw(st.sampled_from([None, 1, 10])),
            starts_at=begin,
            ends_at=begin + timedelta(days=draw(st.integers(0, 8))),
        )
        mou = (agreed if draw(st.booleans()) else proposed)(terms)
        stopped = draw(st.one_of(st.none(), MOMENTS))
        made.append(mou if stopped is None else suspended(mou, stopped))
    return made


def suspended(mou: Mou, at: datetime = AT) -> Mou:
    stop = Suspension(by=an_actor("stockton"), at=at, why="under review")
    return msgspec.structs.replace(mou, suspension=stop)


INQUIRIES = st.builds(
    lambda agency, kind, purpose, offence, asks: an_inquiry(
        agency, kind=kind, purpose=purpose, offence_class=offence, asks=frozenset(asks)
    ),
    st.sampled_from(PARTNERS),
    st.sampled_from(["law-enforcement", "prosecutorial", "other"]),
    st.sampled_from(PURPOSES),
    st.sampled_from(["", *CLASSES]),
    some_of("state", "vehicle"),
)

Seen = frozenset[tuple[str, str, tuple[float, float], int, Shown | str]]


def seen(made: list[Mou], inquiry: PartnerInquiry) -> Seen:
    """Every read of a small world that the MOUs let be seen, with each thing that is shown of it."""
    ruling, found = CedarRuling(made, POLICIES), set()
    for owner in OWNERS:
        granting = ruling.granting(owner, inquiry)
        scopes = part_under(owner, granting, inquiry.at).scopes if granting else ()
        for camera in CAMERAS:
            for place in (NEAR, FAR):
                for age in (0, 5, 20):
                    for scope in scopes:
                        if holds(scope, camera, place, inquiry.at - timedelta(days=age)):
                            found |= {(scope.owner, camera, place, age, one) for one in ("the read", *scope.shows)}
    return frozenset(found)


def holds(scope: Scope, camera: str, place: tuple[float, float], at: datetime) -> bool:
    return (
        (scope.cameras is None or camera in scope.cameras)
        and (scope.area is None or scope.area.contains(*place))
        and (scope.since is None or at >= scope.since)
    )


def standing_alone(made: list[Mou]) -> list[list[Mou]]:
    """Each version that counts, alone."""
    return [[mou] for mou in made if not any(newer(other, mou) for other in made)]


def newer(other: Mou, mou: Mou) -> bool:
    same = other.terms.mou_id == mou.terms.mou_id and pair(other) == pair(mou)
    return same and not other.unsigned and other.terms.version > mou.terms.version


def pair(mou: Mou) -> tuple[str, str]:
    return mou.terms.grantor.agency_id, mou.terms.grantee.agency_id


@settings(deadline=None, max_examples=150)
@given(mous(), INQUIRIES)
def test_no_combination_of_mous_grants_what_none_of_them_grants(made: list[Mou], inquiry: PartnerInquiry) -> None:
    alone = frozenset[object]().union(*(seen(one, inquiry) for one in standing_alone(made)))
    assert seen(made, inquiry) == alone


@settings(deadline=None, max_examples=100)
@given(mous(), INQUIRIES)
def test_suspending_any_mou_never_widens_what_is_seen(made: list[Mou], inquiry: PartnerInquiry) -> None:
    before = seen(made, inquiry)
    for number, mou in enumerate(made):
        stopped = [*made[:number], suspended(mou), *made[number + 1 :]]
        assert seen(stopped, inquiry) <= before
        assert seen([suspended(mou)], inquiry) == frozenset()


@settings(deadline=None, max_examples=150)
@given(mous(), INQUIRIES)
def test_cedar_grants_exactly_what_the_words_say_nothing_stands_against(
    made: list[Mou], inquiry: PartnerInquiry
) -> None:
    ruling = CedarRuling(made, POLICIES)
    for owner in OWNERS:
        granting = set(ruling.granting(owner, inquiry))
        refused = why_the_owner_refuses(POLICIES[owner], inquiry)
        for mou in ruling.between(owner, inquiry.agency_id):
            assert (mou in granting) == (refused is None and why_not(mou, inquiry) is None)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 10**12))
def test_an_mou_begins_with_its_first_moment_and_is_over_with_its_last(length: int) -> None:
    terms = some_terms(starts_at=AT, ends_at=AT + timedelta(microseconds=length))
    ruling, moment = CedarRuling([agreed(terms)], POLICIES), timedelta(microseconds=1)
    for at, holds_then in (
        (terms.starts_at - moment, False),
        (terms.starts_at, True),
        (terms.ends_at - moment, True),
        (terms.ends_at, False),
        (terms.ends_at + timedelta(seconds=1), False),
    ):
        assert bool(ruling.granting("stockton", an_inquiry(at=at))) == holds_then
