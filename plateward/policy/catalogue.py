"""The profiles in force: read once, checked, looked up by agency."""

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

import msgspec

from plateward.policy.contradictions import contradictions
from plateward.policy.profile import AgencyProfile


class ProfileError(ValueError):
    """A profile that cannot be used; names the file, the field and the rule."""


class UnknownAgency(KeyError):
    """No profile has this agency's id."""


class PolicyCatalogue(Mapping[str, AgencyProfile]):
    """All agencies' profiles by agency id."""

    def __init__(self, profiles: Mapping[str, AgencyProfile]) -> None:
        self._profiles = dict(sorted(profiles.items()))

    def __getitem__(self, agency_id: str) -> AgencyProfile:
        """The profile of an agency; raises UnknownAgency."""
        try:
            return self._profiles[agency_id]
        except KeyError:
            raise UnknownAgency(agency_id) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._profiles)

    def __len__(self) -> int:
        return len(self._profiles)


def load_catalogue(folder: Path | None = None) -> PolicyCatalogue:
    """The profiles in `folder`, by default those that come with Plateward; raises ProfileError."""
    source = folder if folder is not None else resources.files("plateward.policy") / "profiles"
    profiles: dict[str, AgencyProfile] = {}
    for file in source.iterdir():
        if file.name.endswith(".yaml"):
            profile = read_profile(file.read_text(encoding="utf-8"), file.name)
            if profile.id in profiles:
                raise ProfileError(f"{file.name}: id: another file has the profile of {profile.id}")
            profiles[profile.id] = profile
    if not profiles:
        raise ProfileError(f"{source}: holds no agency profile (*.yaml)")
    return PolicyCatalogue(profiles)


def read_profile(text: str, name: str) -> AgencyProfile:
    """One profile from its YAML, free of contradictions; raises ProfileError, which names each field and rule."""
    profile = parse_profile(text, name)
    found = contradictions(profile)
    if found:
        raise ProfileError(f"{name} contradicts itself or the law: {'; '.join(str(one) for one in found)}")
    return profile


def parse_profile(text: str, name: str) -> AgencyProfile:
    """One profile from its YAML, whatever it says; raises ProfileError where it has not the shape of one."""
    try:
        return msgspec.yaml.decode(text, type=AgencyProfile)
    except msgspec.DecodeError as error:
        raise ProfileError(f"{name}: {error}") from error
