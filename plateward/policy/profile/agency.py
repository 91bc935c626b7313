"""An agency and its policy, whole."""

from collections.abc import Iterable

from plateward.policy.profile.accountability import (
    AgencyKind,
    Audits,
    Evidence,
    Publication,
    Releases,
    Reports,
    Sharing,
)
from plateward.policy.profile.cameras import Cameras
from plateward.policy.profile.hits import Alerts, Dispatch, Verification
from plateward.policy.profile.hot_lists import CustomEntries, HotLists
from plateward.policy.profile.inquiries import InquiryRules, Purposes, Reasons
from plateward.policy.profile.people import Accounts, AuthorisedTitles, Right, Sessions, Training
from plateward.policy.profile.reads import Recognition, Retention
from plateward.policy.profile.rule import Part


class AgencyProfile(Part, frozen=True, kw_only=True):
    """An agency and its policy, as far as software holds it."""

    id: str
    name: str
    policy: str
    """The policy's own name and number."""
    state: str
    """By its two letters: what the state's law allows at most is in `state_law.yaml`."""
    kind: AgencyKind = "law-enforcement"
    timezone: str
    retention: Retention
    reasons: Reasons
    purposes: Purposes
    authorised: AuthorisedTitles
    accounts: Accounts
    training: Training
    sessions: Sessions
    cameras: Cameras
    hot_lists: HotLists
    custom_entries: CustomEntries
    alerts: Alerts
    verification: Verification
    dispatch: Dispatch
    audits: Audits
    reports: Reports
    releases: Releases
    sharing: Sharing
    publication: Publication
    evidence: Evidence
    recognition: Recognition = Recognition()
    inquiries: InquiryRules = InquiryRules()

    def rights_of(self, title: str) -> frozenset[Right]:
        """What a person of this job title may do; nothing where the policy does not name the title."""
        vendors = self.accounts.vendors
        if vendors is not None and title in vendors.titles:
            return frozenset(vendors.rights)
        access = self.authorised.titles.get(title)
        # Whoever uses the system reports damage at once (Stockton III.C.4), so sees how the cameras are.
        # Any of them may be handed somebody's written request (Kentucky IV.O.3).
        of_all: tuple[Right, ...] = ("watch-cameras", "receive-releases")
        data: tuple[Right, ...] = () if access is None else (*self.authorised.rights.get(access, ()), *of_all)
        return frozenset(data) | self.cameras.rights_of(title) | self._duties_of(title)

    def _duties_of(self, title: str) -> frozenset[Right]:
        """What a title may do because a rule names it for that."""
        named: tuple[tuple[Iterable[str | None], Right], ...] = (
            (self.training.recorders, "record-training"),
            (self.custom_entries.approvers(), "approve-entries"),
            (self.hot_lists.designators, "designate-lists"),
            (self.hot_lists.shared_by, "share-lists"),
            (self.releases.deciders(), "receive-releases"),
            (self.releases.deciders(), "approve-releases"),
            (self.audits.conducted_by, "conduct-audits"),
            ((self.audits.memorandum_to,), "review-audits"),
            # Whoever conducts audits writes the reports; those to whom they go read them.
            (self.audits.conducted_by, "read-reports"),
            ([report.to for report in self.reports.reports], "read-reports"),
        )
        own = self.accounts.rights_of(title) | self.sharing.rights_of(title)
        return own | {right for titles, right in named if title in titles}
