"""The form of an agreement says all of its terms: a change of one thing changes nothing else."""

from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.hot_list import Category
from plateward.policy.reasons import Missing
from services.gateway.adapters.pages.forms import Filled
from services.gateway.adapters.pages.sharing_forms import empty_mou, mou_as_it_stands, mou_asked, mou_lacks
from services.gateway.searching.area import Area, Circle, Polygon
from services.gateway.sharing.mou import FIELDS, KINDS, Declaration
from services.gateway.sharing.proposal import terms_of
from tests.unit.gateway.sharing.agreed import AT, POLICIES, some_terms

HERE = ZoneInfo("America/Los_Angeles")
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
circles = st.builds(Circle, latitude=latitudes, longitude=longitudes, radius_m=st.integers(1, 100_000).map(float))
polygons = st.builds(Polygon, corners=st.lists(st.tuples(latitudes, longitudes), min_size=3, max_size=6).map(tuple))


def some_of(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of these, in their order."""
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(one for one in values if one in chosen))


@given(
    parties=st.sampled_from([("stockton", "barstow"), ("barstow", "stockton")]),
    areas=st.lists(circles | polygons, max_size=3).map(tuple),
    cameras=some_of(("c1", "c2", "c3")),
    categories=some_of(get_args(Category)),
    kinds=some_of(KINDS),
    fields=some_of(FIELDS),
    oldest=st.none() | st.integers(1, 9_999),
    quota=st.none() | st.integers(1, 9_999),
    declared=st.none() | st.just(Declaration(statement="Held to the law of California", declared_by="A. Ng, Chief")),
)
def test_what_stands_is_asked_again_whole(
    parties: tuple[str, str],
    areas: tuple[Area, ...],
    cameras: tuple[str, ...],
    categories: tuple[Category, ...],
    kinds: tuple[str, ...],
    fields: tuple[str, ...],
    oldest: int | None,
    quota: int | None,
    declared: Declaration | None,
) -> None:
    terms = some_terms(
        *parties,
        areas=areas,
        cameras=cameras,
        categories=categories,
        data_kinds=kinds,
        fields=fields,
        oldest_days=oldest,
        searches_a_day=quota,
        declaration=declared,
        list_ids=("department", "task-force"),
        offence_classes=("felony", "missing person"),
    )
    filled = mou_as_it_stands(terms, "stockton", HERE)
    proposal = mou_asked(filled, "stockton", HERE, None)
    assert (proposal, filled.errors) != (None, {}) and proposal is not None
    assert terms_of(proposal, terms.mou_id, terms.version, POLICIES) == terms


@pytest.mark.parametrize(
    "areas",
    [
        "34.9",
        "34.9, -117.0",
        "34.9, -117.0, 0",
        "34.9, -117.0, 100001",
        "91, 0, 5",
        "34.9, -117.0; 35, -117",
        "a, b, c",
    ],
)
def test_what_is_no_area_is_named_beside_its_field(areas: str) -> None:
    filled = Filled({**empty_mou(HERE, AT).values, "partner": "barstow", "areas": f"34.9, -117.0, 500\n{areas}"})
    assert mou_asked(filled, "stockton", HERE, None) is None
    assert list(filled.errors) == ["areas"]
    assert filled.errors["areas"].endswith(areas)


def test_a_camera_of_theirs_that_is_none_is_named_where_theirs_are() -> None:
    filled = Filled({"way": "ask", "their_cameras": "c9"})
    mou_lacks(filled, (Missing("cameras", "c9 is no camera of Barstow"), Missing("ends_at", "must lie ahead")))
    assert filled.errors == {"their_cameras": "c9 is no camera of Barstow", "ends_at": "must lie ahead"}
