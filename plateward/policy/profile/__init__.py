"""The typed shape of an agency's policy, a file a subject. Each rule of a profile cites the section it comes from."""

from plateward.policy.profile.accountability import (
    Audits,
    Evidence,
    OtherTrack,
    PartnerKind,
    Publication,
    Releases,
    Report,
    Reports,
    Sharing,
)
from plateward.policy.profile.agency import AgencyProfile
from plateward.policy.profile.cameras import Beat, Cameras
from plateward.policy.profile.hits import Alerts, Dispatch, DispatchStep, Verification
from plateward.policy.profile.hot_lists import ApprovalChain, CustomEntries, Designation, EntryField, HotLists
from plateward.policy.profile.inquiries import InquiryRules, Purpose, Purposes, ReasonField, ReasonForm, Reasons
from plateward.policy.profile.people import (
    DATA_RIGHTS,
    EQUIPMENT_RIGHTS,
    Access,
    Accounts,
    AuthorisedTitles,
    Right,
    Sessions,
    TrainedFor,
    Training,
    TrainingKind,
    VendorAccess,
)
from plateward.policy.profile.reads import Recognition, Retention
from plateward.policy.profile.rule import Days, Hours, Part, Rule

__all__ = [
    "DATA_RIGHTS",
    "EQUIPMENT_RIGHTS",
    "Access",
    "Accounts",
    "AgencyProfile",
    "Alerts",
    "ApprovalChain",
    "Audits",
    "AuthorisedTitles",
    "Beat",
    "Cameras",
    "CustomEntries",
    "Days",
    "Designation",
    "Dispatch",
    "DispatchStep",
    "EntryField",
    "Evidence",
    "HotLists",
    "Hours",
    "InquiryRules",
    "OtherTrack",
    "Part",
    "PartnerKind",
    "Publication",
    "Purpose",
    "Purposes",
    "ReasonField",
    "ReasonForm",
    "Reasons",
    "Recognition",
    "Releases",
    "Report",
    "Reports",
    "Retention",
    "Right",
    "Rule",
    "Sessions",
    "Sharing",
    "TrainedFor",
    "Training",
    "TrainingKind",
    "VendorAccess",
    "Verification",
]
