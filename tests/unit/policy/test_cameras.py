"""What each profile lets its titles do with cameras."""

import pytest

from plateward.policy.catalogue import load_catalogue
from plateward.policy.profile import DATA_RIGHTS, Cameras

PROFILES = load_catalogue()
KEPT = Cameras(
    section="1",
    administrators=("Keeper",),
    placement_approvers=("Chief",),
    special_deployment_approvers=("Commander",),
    inspection_every_days=None,
)
SILENT = Cameras(
    section="1",
    administrators=("Keeper",),
    placement_approvers=None,
    special_deployment_approvers=None,
    inspection_every_days=None,
)


def test_where_the_policy_is_silent_the_next_in_line_approves() -> None:
    assert (KEPT.approvers(special=False), KEPT.approvers(special=True)) == (("Chief",), ("Commander",))
    assert SILENT.approvers(special=False) == SILENT.approvers(special=True) == ("Keeper",)


def test_rights_follow_from_what_a_title_is_named_for() -> None:
    assert KEPT.rights_of("Keeper") == {"watch-cameras", "administer-cameras"}
    assert KEPT.rights_of("Chief") == KEPT.rights_of("Commander") == {"watch-cameras", "approve-cameras"}
    assert SILENT.rights_of("Keeper") == {"watch-cameras", "administer-cameras", "approve-cameras"}
    assert KEPT.rights_of("Officer") == frozenset()


@pytest.mark.parametrize("agency", PROFILES)
def test_whoever_uses_the_system_sees_the_cameras_and_nobody_else_does(agency: str) -> None:
    of = PROFILES[agency]
    for title in of.authorised.titles:
        assert "watch-cameras" in of.rights_of(title)
    assert of.rights_of("Chaplain") == frozenset()


def test_keeping_cameras_gives_no_right_to_data() -> None:
    rights = PROFILES["barstow"].rights_of("Administrative Division Commander")
    assert {"watch-cameras", "administer-cameras", "approve-cameras"} <= rights
    assert not rights & DATA_RIGHTS
