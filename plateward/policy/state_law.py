"""What the law sets above a policy: at most, at least, and which lists serve which purpose. All of it is data."""

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from plateward.policy.profile import Days, Part


class StateLaw(Part, frozen=True, kw_only=True):
    """What a state's law says of plate readers, as far as it binds a profile; None where it says nothing."""

    source: str
    longest_retention_minutes: int | None = None
    audit_at_least_every_days: Days | None = None
    to_other_states: Literal["declaration", "never"] | None = None
    """What sharing with an agency of another state takes: its written declaration; or it is not allowed at all."""
    offence_classes: tuple[str, ...] = ()
    """The only classes of offence for which may be searched."""


class KnownList(Part, frozen=True, kw_only=True):
    """A list that serves one purpose alone."""

    serves: str
    called: str


@cache
def state_laws() -> dict[str, StateLaw]:
    """The laws on file, by the state's two letters."""
    return msgspec.convert(_data("state_law.yaml"), dict[str, StateLaw])


@cache
def known_lists() -> dict[str, KnownList]:
    """The lists that serve one purpose alone, by their name."""
    return msgspec.convert(_data("known_lists.yaml"), dict[str, KnownList])


def _data(name: str) -> object:
    return msgspec.yaml.decode((resources.files("plateward.policy") / name).read_bytes())
