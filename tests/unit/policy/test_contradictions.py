"""What keeps a profile from being put in force: the field and the rule, named for each."""

import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from plateward.policy.catalogue import ProfileError, load_catalogue, parse_profile, read_profile
from plateward.policy.contradictions import contradictions
from plateward.policy.profile import AgencyProfile

STRICT = Path(__file__).parents[2] / "data" / "profiles" / "ashgrove.yaml"
BARSTOW = (resources.files("plateward.policy") / "profiles" / "barstow.yaml").read_text(encoding="utf-8")


def changed(text: str, path: str, value: Any) -> AgencyProfile:
    """The profile with another value at this path of keys and indices."""
    document = yaml.safe_load(text)
    *way, last = (int(key) if key.isdigit() else key for key in path.split("."))
    part = document
    for key in way:
        part = part[key]
    part[last] = value
    return parse_profile(yaml.safe_dump(document), "changed.yaml")


@pytest.mark.parametrize("agency", load_catalogue())
def test_the_profiles_that_come_along_contradict_nothing(agency: str) -> None:
    assert contradictions(load_catalogue()[agency]) == ()


def test_a_strict_states_agency_is_a_profile_like_any_other() -> None:
    assert contradictions(parse_profile(STRICT.read_text(encoding="utf-8"), STRICT.name)) == ()


IMMIGRATION = {"list": "ncic-immigration-violator", "source": "NCIC", "categories": ["missing-person"]}
NO_CLASS = [{"id": "incident", "label": "Incident", "fields": [{"name": "detail", "label": "Detail"}]}]
ANY_CLASS = [{"id": "incident", "label": "Incident", "fields": [{"name": "offence_class", "label": "Class"}]}]


@pytest.mark.parametrize(
    ("path", "value", "field", "words"),
    [
        ("retention.default_days", 22, "retention.default_days", "22 days is longer than the 21 days .* SB 6002"),
        ("state", "NH", "retention.default_days", "longer than the 3 minutes .* 261:75-b"),
        ("reasons.offence_classes", [], "reasons.offence_classes", "felony, gross-misdemeanour"),
        ("reasons.offence_classes", ["infraction"], "reasons.offence_classes", "these alone"),
        ("reasons.forms", NO_CLASS, "reasons.forms.incident", "must have a field offence_class"),
        ("reasons.forms", ANY_CLASS, "reasons.forms.incident", "takes any words"),
        (
            "hot_lists.designations.0",
            IMMIGRATION,
            "hot_lists.designations.ncic-immigration-violator",
            r"serves immigration-enforcement, which purposes \(12\.2\) prohibits",
        ),
        ("hot_lists.designations.0.categories", ["other"], "hot_lists.designations.ncic", "no alerts for other"),
        (
            "hot_lists.designations.0.readers",
            ["Officer"],
            "hot_lists.designations.ncic",
            "may bring .* not read",
        ),
        ("hot_lists.designations.0.list", "department", "hot_lists.designations", "department is named twice"),
        ("accounts.keepers", ["Janitor"], "accounts.keepers", "Janitor decides, but authorised gives .* no rights"),
        ("accounts.keepers", [], "accounts.keepers", "names nobody"),
        ("custom_entries.approval.0.approvers", ["Mayor"], "custom_entries.approval", "Mayor decides"),
        ("custom_entries.approval.0.approvers", [], "custom_entries.approval", "names nobody who approves"),
        ("custom_entries.approval", [], "custom_entries.required", "asks for an approval"),
        ("custom_entries.longest_days_by_category", {"felony-vehicle": 4}, "felony-vehicle", "4 days is longer"),
        ("audits.memorandum_to", "Mayor", "audits.memorandum_to", "Mayor decides"),
        ("reports.reports.0.to", "Mayor", "reports.monthly.to", "Mayor decides"),
        ("authorised.rights", {"full": ["search"]}, "authorised.titles.Communications Officer", "limited access"),
        ("authorised.rights.full", ["search", "keep-accounts"], "authorised.rights.full", "keep-accounts is had by"),
        ("authorised.offices", ["Investigator"], "authorised.offices.Investigator", "is no office without data"),
        ("accounts.vendors.titles", ["Investigator"], "accounts.vendors.titles", "the agency's own people"),
        ("accounts.vendors.rights", ["search"], "accounts.vendors.rights", "a vendor never sees"),
        ("training.required.data", ["driving"], "training.required.data", "driving is no training"),
        ("training.retraining", "driving", "training.retraining", "driving is no training"),
        ("training.recorders", [], "training.recorders", "names nobody"),
        ("training.kinds.1.id", "ethics", "training.kinds", "ethics is named twice"),
        ("purposes.prohibited.0.id", "missing-person", "purposes", "missing-person is named twice"),
        ("verification.confirm_through", [], "verification.confirm_through", "every hit must be confirmed"),
        ("evidence.warn_days", 21, "evidence.warn_days", "not before the purge"),
        ("timezone", "America/Nowhere", "timezone", "is no time zone"),
    ],
)
def test_a_contradiction_names_the_field_and_the_rule(path: str, value: Any, field: str, words: str) -> None:
    found = contradictions(changed(STRICT.read_text(encoding="utf-8"), path, value))
    text = "\n".join(str(one) for one in found)
    assert any(one.field.endswith(field) for one in found), text
    assert re.search(words, text), text


def test_an_audit_rarer_than_the_state_asks_for_is_a_contradiction() -> None:
    document = yaml.safe_load(STRICT.read_text(encoding="utf-8"))
    document |= {"state": "VA"}
    document["audits"]["every_days"] = 31
    [found] = contradictions(parse_profile(yaml.safe_dump(document), "changed.yaml"))
    assert (found.field, "rarer than the 30 days" in found.rule) == ("audits.every_days", True)


def test_a_source_kept_too_long_is_named() -> None:
    found = contradictions(changed(BARSTOW, "state", "VA"))
    assert {one.field for one in found} == {
        "retention.default_days",
        "retention.source_days.vendor-cloud",
        "audits.every_days",
    }


def test_what_contradicts_itself_is_not_loaded(tmp_path: Path) -> None:
    document = yaml.safe_load(BARSTOW)
    document["accounts"]["keepers"] = ["Mayor"]
    (tmp_path / "barstow.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(ProfileError, match=r"^barstow\.yaml contradicts itself .*accounts\.keepers: Mayor decides"):
        load_catalogue(tmp_path)
    with pytest.raises(ProfileError):
        read_profile(yaml.safe_dump(document), "barstow.yaml")
