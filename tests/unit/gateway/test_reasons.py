"""Reasons under every shipped policy: what is accepted, what is not, and that nothing told is told on."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plateward.contracts.access import Reason
from plateward.policy.catalogue import load_catalogue
from plateward.policy.profile import AgencyProfile, ReasonField, ReasonForm
from plateward.policy.reasons import what_is_missing

FORMS = [
    pytest.param(profile, form, id=f"{profile.id}-{form.id}")
    for profile in load_catalogue().values()
    for form in profile.reasons.forms
]
every_form = pytest.mark.parametrize(("profile", "form"), FORMS)
few = settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def good(field: ReasonField) -> st.SearchStrategy[str]:
    """What the field's own pattern and length accept."""
    if field.pattern == ".+":
        return st.text(alphabet="abc é-").map(lambda text: "a" + text.rstrip().ljust(field.min_characters, "-"))
    return st.from_regex(field.pattern, fullmatch=True)


def filled_in(form: ReasonForm) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({field.name: good(field) for field in form.fields})


def missing(profile: AgencyProfile, form: ReasonForm, values: dict[str, str]) -> list[str]:
    reason = Reason(purpose=profile.purposes.allowed[0].id, form=form.id, values=values)
    return [one.field for one in what_is_missing(profile, reason)]


@every_form
@given(data=st.data())
@few
def test_a_form_is_accepted_whole_and_without_a_field_lacks_that_field(
    profile: AgencyProfile, form: ReasonForm, data: st.DataObject
) -> None:
    values = data.draw(filled_in(form))
    assert missing(profile, form, values) == []
    assert missing(profile, form, {name: f" {value}\n" for name, value in values.items()}) == []
    for name in values:
        without = {other: value for other, value in values.items() if other != name}
        assert missing(profile, form, without) == [f"reason.{name}"]


@every_form
@given(data=st.data())
@few
def test_what_was_told_is_in_no_message(profile: AgencyProfile, form: ReasonForm, data: st.DataObject) -> None:
    told = st.text(alphabet="¿¡§¤", min_size=1, max_size=40)  # none of these is in a message of ours
    values = data.draw(st.dictionaries(st.sampled_from([field.name for field in form.fields] + ["other"]), told))
    reason = Reason(purpose=data.draw(told), form=data.draw(st.just(form.id) | told), values=values)
    shortcomings: tuple[Any, ...] = what_is_missing(profile, reason)
    assert "purpose" in {one.field for one in shortcomings}
    assert not {character for one in shortcomings for character in one.rule} & set("¿¡§¤")
