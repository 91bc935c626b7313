"""What keeps an MOU from being agreed, whoever would sign it."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from plateward.policy.state_law import state_laws
from services.gateway.sharing.admissible import what_the_terms_lack, why_may_not_sign
from services.gateway.sharing.mou import Declaration, Party, Terms
from tests.unit.gateway.sharing.agreed import AT, POLICIES, some_terms

CAMERAS = {"c1": "stockton", "b1": "barstow"}


def lacks(terms: Terms) -> set[str]:
    return {one.field for one in what_the_terms_lack(terms, POLICIES, CAMERAS, AT)}


def elsewhere(kind: str = "law-enforcement", state: str = "CA") -> Party:
    return msgspec.convert({"agency_id": "ashgrove", "name": "Ashgrove", "kind": kind, "state": state}, Party)


def test_terms_that_lack_nothing() -> None:
    assert lacks(some_terms(cameras=("c1",))) == set()
    assert lacks(some_terms(grantee=elsewhere())) == set()


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("purposes", lambda: some_terms(purposes=())),
        ("purposes", lambda: some_terms(purposes=("canvass",))),
        ("data_kinds", lambda: some_terms(data_kinds=())),
        ("data_kinds", lambda: some_terms(data_kinds=("images",))),
        ("list_ids", lambda: some_terms(data_kinds=("lists",))),
        ("ends_at", lambda: some_terms(ends_at=AT)),
        ("ends_at", lambda: some_terms(starts_at=AT + timedelta(days=40))),
        ("cameras", lambda: some_terms(cameras=("b1",))),
        ("cameras", lambda: some_terms(cameras=("nobody's",))),
        ("grantee", lambda: some_terms("stockton", "stockton")),
        ("declaration", lambda: some_terms(declaration=Declaration(statement="a\x00b", declared_by="N. Duarte"))),
    ],
)
def test_what_terms_lack_is_named(field: str, changed: Callable[[], Terms]) -> None:
    assert lacks(changed()) == {field}


@pytest.mark.clause("L8")
@pytest.mark.parametrize("kind", ["law-enforcement", "prosecutorial", "other"])
def test_the_parties_are_law_enforcement_or_prosecutorial_agencies(kind: str) -> None:
    partner = elsewhere(kind, "OR")
    assert lacks(some_terms("florence", "barstow", grantee=partner)) == (set() if kind != "other" else {"grantee"})


@pytest.mark.clause("K16")
def test_nobody_but_law_enforcement_gets_data_of_an_agency_that_never_sells_it() -> None:
    assert POLICIES["kentucky"].releases.never_sold
    for kind in ("prosecutorial", "other"):
        assert lacks(some_terms("kentucky", "barstow", grantee=elsewhere(kind, "KY"))) == {"grantee"}


@pytest.mark.clause("F11")
def test_what_the_grantor_prohibits_cannot_be_agreed() -> None:
    shared = some_terms("flagstaff", "barstow", grantee=elsewhere(), purposes=("immigration-enforcement",))
    assert lacks(shared) == {"purposes"}


def test_a_state_may_ask_an_agency_of_another_for_its_declaration_or_allow_none() -> None:
    illinois = msgspec.structs.replace(elsewhere(state="IL"), agency_id="peoria")
    terms = some_terms("stockton", "barstow", grantor=illinois, grantee=elsewhere(state="IN"))
    assert state_laws()["IL"].to_other_states == "declaration"
    assert lacks(terms) == {"declaration"}
    words = "Not used to prosecute what is lawful in Illinois, nor for civil immigration enforcement."
    declared = Declaration(statement=words, declared_by="R. Ames, Chief")
    assert lacks(msgspec.structs.replace(terms, declaration=declared)) == set()
    assert lacks(msgspec.structs.replace(terms, grantee=elsewhere(state="IL"))) == set()
    assert state_laws()["CA"].to_other_states == "never"
    assert lacks(some_terms("stockton", "flagstaff")) == {"grantee"}


@pytest.mark.clause("S18")
def test_a_list_is_shared_by_whom_the_policy_names_for_that() -> None:
    terms = some_terms(data_kinds=("lists",), list_ids=("department",))
    assert why_may_not_sign(terms, POLICIES["stockton"], "Lieutenant") is None
    assert why_may_not_sign(terms, POLICIES["stockton"], "Detective") is not None
    strict = msgspec.structs.replace(
        POLICIES["stockton"].hot_lists, shared_by=("Technical Services Division Commander",)
    )
    profile = msgspec.structs.replace(POLICIES["stockton"], hot_lists=strict)
    refused = why_may_not_sign(terms, profile, "Lieutenant")
    assert refused is not None
    assert "lists are shared by" in refused.rule
    assert why_may_not_sign(some_terms(), profile, "Lieutenant") is None, "which binds lists alone"
