"""An agency and its policy, whole."""

import msgspec

from plateward.policy.profile.cameras import Cameras
from plateward.policy.profile.hot_lists import HotLists
from plateward.policy.profile.inquiries import Purposes, Reasons
from plateward.policy.profile.people import AuthorisedTitles, Right
from plateward.policy.profile.reads import Recognition, Retention


class AgencyProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency and its policy, as far as software holds it."""

    id: str
    name: str
    policy: str
    """The policy's own name and number."""
    state: str
    timezone: str
    retention: Retention
    reasons: Reasons
    purposes: Purposes
    authorised: AuthorisedTitles
    cameras: Cameras
    hot_lists: HotLists
    recognition: Recognition = Recognition()

    def rights_of(self, title: str) -> frozenset[Right]:
        """What a person of this job title may do; nothing where the policy does not name the title."""
        access = self.authorised.titles.get(title)
        # Whoever uses the system reports damage at once (Stockton III.C.4), so sees how the cameras are.
        data: tuple[Right, ...] = () if access is None else (*self.authorised.rights.get(access, ()), "watch-cameras")
        return frozenset(data) | self.cameras.rights_of(title)
