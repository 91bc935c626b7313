"""The manifests as they are in the repository: each test breaks its own copy."""

import copy
from collections.abc import Callable

import pytest

from deploy.checks import compose
from deploy.checks.compose import Compose
from deploy.checks.manifests import BASE, Manifest, manifests_of

Find = Callable[[str], Manifest]


@pytest.fixture(scope="session")
def _base() -> list[Manifest]:
    return manifests_of(BASE)


@pytest.fixture
def base(_base: list[Manifest]) -> list[Manifest]:
    return copy.deepcopy(_base)


@pytest.fixture
def find(base: list[Manifest]) -> Find:
    """One of the base's manifests, by `Kind/name`, to break."""
    by_name = {f"{manifest['kind']}/{manifest['metadata']['name']}": manifest for manifest in base}
    return by_name.__getitem__


@pytest.fixture
def services() -> Compose:
    """docker-compose.yml."""
    return compose.read()
