"""The profiles that come along, and what keeps a profile from being used."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import yaml

from plateward.policy.catalogue import PolicyCatalogue, ProfileError, UnknownAgency, load_catalogue, parse_profile
from plateward.policy.profile import AgencyProfile, Rule

AGENCIES = {"barstow", "flagstaff", "florence", "kentucky", "stockton"}
CATALOGUE = load_catalogue()
FLORENCE = (resources.files("plateward.policy") / "profiles" / "florence.yaml").read_text(encoding="utf-8")


def rules_of(profile: AgencyProfile) -> Iterator[tuple[str, Rule]]:
    for field in msgspec.structs.fields(profile):
        value = getattr(profile, field.name)
        if isinstance(value, Rule):
            yield field.name, value


def florence(**changes: Any) -> str:
    """The profile with other top-level parts; None takes a part away."""
    parts = yaml.safe_load(FLORENCE) | changes
    return yaml.safe_dump({name: part for name, part in parts.items() if part is not None})


def form(**changes: Any) -> dict[str, Any]:
    return {"section": "1", "forms": [{"id": "f", "label": "F", "fields": [{"name": "n", "label": "N"} | changes]}]}


def test_the_five_agencies_have_profiles() -> None:
    assert set(CATALOGUE) == AGENCIES
    assert len(CATALOGUE) == 5
    assert all(CATALOGUE[agency].id == agency for agency in CATALOGUE)


@pytest.mark.parametrize("agency", sorted(AGENCIES))
def test_each_part_of_a_policy_cites_the_section_that_it_comes_from(agency: str) -> None:
    sections = {name: rule.section for name, rule in rules_of(CATALOGUE[agency])}
    assert set(sections) >= {"retention", "reasons", "purposes", "authorised", "cameras", "hot_lists", "custom_entries"}
    assert len(sections) == 19
    assert all(any(character.isalnum() for character in section) for section in sections.values())


@pytest.mark.parametrize("agency", sorted(AGENCIES))
def test_a_profile_is_whole(agency: str) -> None:
    profile = CATALOGUE[agency]
    assert ZoneInfo(profile.timezone)
    assert profile.purposes.allowed
    assert profile.purposes.prohibited
    assert not {one.id for one in profile.purposes.allowed} & {one.id for one in profile.purposes.prohibited}
    assert profile.reasons.forms
    assert set(profile.authorised.titles.values()) <= set(profile.authorised.rights)


def test_an_agency_without_a_profile_is_unknown() -> None:
    with pytest.raises(UnknownAgency):
        CATALOGUE["mayberry"]
    assert "mayberry" not in CATALOGUE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: [unclosed", "while parsing"),
        ("", "Expected `object`, got `null`"),
        ("- florence", "Expected `object`, got `array`"),
        (florence(timezone=None), "missing required field `timezone`"),
        (florence(retention=None), "missing required field `retention`"),
        (florence(retention={"default_days": 30}), r"missing required field `section` - at `\$.retention`"),
        (florence(retention={"section": "807.4", "default_days": "thirty"}), r"at `\$.retention.default_days`"),
        (florence(retention={"section": "807.4", "default_days": 0}), r"at `\$.retention.default_days`"),
        (florence(retention={"section": "807.4", "default_days": 30, "days": 3}), r"field `days` - at `\$.retention`"),
        (florence(vehicles=[]), "unknown field `vehicles`"),
        (
            florence(authorised={"section": "1", "titles": {"Chief": "all"}, "rights": {}}),
            r"'all' - at `\$.authorised.titles",
        ),
        (
            florence(authorised={"section": "1", "titles": {}, "rights": {"full": ["delete"]}}),
            r"'delete' - at `\$.authorised.rights",
        ),
        (florence(reasons=form(pattern="[A-Z")), r"pattern: .* - at `\$.reasons.forms\[0\].fields\[0\]`"),
    ],
)
def test_a_profile_that_cannot_be_used_names_the_file_and_the_field(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "broken.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError, match=rf"(?s)^broken\.yaml: .*{words}"):
        load_catalogue(tmp_path)


def test_an_agency_with_two_profiles_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FLORENCE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(FLORENCE, encoding="utf-8")
    with pytest.raises(ProfileError, match=r"^[ab]\.yaml: id: another file has the profile of florence"):
        load_catalogue(tmp_path)


def test_a_folder_without_profiles_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("none", encoding="utf-8")
    with pytest.raises(ProfileError, match="holds no agency profile"):
        load_catalogue(tmp_path)


def test_an_operators_own_profiles_take_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "mayberry.yaml").write_text(florence(id="mayberry"), encoding="utf-8")
    assert set(load_catalogue(tmp_path)) == {"mayberry"}


@pytest.mark.parametrize(
    ("title", "may", "may_not"),
    [("Officer", "search", "keep-accounts"), ("Dispatcher", "watch-hits", "search")],
)
def test_rights_come_with_the_title(title: str, may: str, may_not: str) -> None:
    rights = CATALOGUE["florence"].rights_of(title)
    assert may in rights
    assert may_not not in rights


@pytest.mark.parametrize("title", ["Clerk", "officer", "", "Officer "])
def test_a_title_that_the_policy_does_not_name_may_nothing(title: str) -> None:
    assert CATALOGUE["florence"].rights_of(title) == frozenset()


def test_a_kind_of_access_without_rights_sees_cameras_and_no_data() -> None:
    limited = {"section": "1", "titles": {"Chief": "limited"}, "rights": {"full": ["search"]}}
    assert parse_profile(florence(authorised=limited), "f.yaml").rights_of("Chief") == {
        "watch-cameras",
        "receive-releases",
    }


def test_a_catalogue_lists_agencies_in_order() -> None:
    backwards = {agency: CATALOGUE[agency] for agency in sorted(AGENCIES, reverse=True)}
    assert list(PolicyCatalogue(backwards)) == sorted(AGENCIES)
