"""The typed shape of an agency's policy, a file a subject. Each rule of a profile cites the section it comes from."""

from plateward.policy.profile.agency import AgencyProfile
from plateward.policy.profile.cameras import Cameras
from plateward.policy.profile.hot_lists import Designation, HotLists
from plateward.policy.profile.inquiries import Purpose, Purposes, ReasonField, ReasonForm, Reasons
from plateward.policy.profile.people import Access, AuthorisedTitles, Right
from plateward.policy.profile.reads import Recognition, Retention
from plateward.policy.profile.rule import Days, Hours, Part, Rule

__all__ = [
    "Access",
    "AgencyProfile",
    "AuthorisedTitles",
    "Cameras",
    "Days",
    "Designation",
    "HotLists",
    "Hours",
    "Part",
    "Purpose",
    "Purposes",
    "ReasonField",
    "ReasonForm",
    "Reasons",
    "Recognition",
    "Retention",
    "Right",
    "Rule",
]
