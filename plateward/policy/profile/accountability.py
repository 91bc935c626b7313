"""How the agency looks after itself: audits, reports, releases, what it posts, and what it keeps as evidence."""

from typing import Annotated, Literal

import msgspec

from plateward.policy.profile.people import Right
from plateward.policy.profile.rule import Days, Part, Rule

Months = Annotated[int, msgspec.Meta(ge=1, le=12, description="Months, one to twelve.")]
PartnerKind = Literal["law-enforcement", "prosecutorial"]
OtherTrack = Literal["court-order", "public-records", "subject", "media"]
"""By what somebody asks who is no partner: a court's order, public-records law, being in the data, being the press."""
AgencyKind = Literal["law-enforcement", "prosecutorial", "other"]
"""What an agency is. With what is neither police nor prosecution nothing is shared by agreement (Florence 807.6)."""


class Audits(Rule, frozen=True, kw_only=True):
    """How often inquiries are audited, how many, and who reads of it."""

    every_days: Days
    """A month is 30 days, a quarter 90, a year 365: the shortest that the word allows."""
    sample_at_least: Annotated[int, msgspec.Meta(ge=1)]
    """Inquiries drawn at random; where the policy names no number it is the agency's choice."""
    sample_of_days: Days
    """The sample is drawn from so many days before the audit."""
    use_of_days: Days
    """How far back the use as a whole is looked at."""
    conducted_by: tuple[str, ...]
    memorandum_to: str | None
    """Who gets the memorandum with the errors that were found, and reviews it; None where none is asked for."""


class Report(Part, frozen=True, kw_only=True):
    """A report that is due again and again."""

    id: str
    label: str
    to: str
    every_months: Months
    due_business_day: Annotated[int, msgspec.Meta(ge=1, le=20)] | None
    """The business day of the month by which it is there; None where no day is named."""
    contents: tuple[str, ...]


class Reports(Rule, frozen=True, kw_only=True):
    """The reports that the agency owes."""

    reports: tuple[Report, ...]


class Releases(Rule, frozen=True, kw_only=True):
    """What becomes of a request for data by somebody outside."""

    written_request_names: tuple[Literal["agency", "person", "purpose"], ...]
    """What a written request by another agency must name (Barstow 466.7)."""
    approvers: tuple[str, ...]
    """Who reviews and approves it; empty where the policy names nobody."""
    others_to: str
    """Where the request of anybody else goes (Kentucky IV.O.3, Stockton IV.B.2)."""
    others_approvers: tuple[str, ...] = ()
    """Who decides on the request of anybody else; empty where those do who decide on agencies' requests."""
    others: tuple[OtherTrack, ...] = ("court-order", "public-records", "subject", "media")
    """Anybody else's requests that are taken at all (Flagstaff 317.8.D, Florence 807.6: "as permitted by law")."""
    never_sold: bool = False

    def deciders(self) -> frozenset[str]:
        """All titles that decide on requests."""
        return frozenset((*self.approvers, *self.others_approvers))


class Sharing(Rule, frozen=True, kw_only=True):
    """With whom data may be shared at all; that it is, takes a signed agreement."""

    partners: tuple[PartnerKind, ...]
    signers: tuple[str, ...] = ()
    """The titles that sign an agreement for the agency, and suspend one; empty where nobody may."""
    keepers: tuple[str, ...] = ()
    """The titles besides that propose one."""

    def rights_of(self, title: str) -> frozenset[Right]:
        """What a title may do with agreements."""
        if title in self.signers:
            return frozenset({"keep-agreements", "sign-agreements"})
        return frozenset({"keep-agreements"}) if title in self.keepers else frozenset()


class Publication(Rule, frozen=True, kw_only=True):
    """Whether the policy is posted for everybody to read (Barstow 466.3.1.g, Florence 807.2.g)."""

    posted: bool


class Evidence(Rule, frozen=True, kw_only=True):
    """Where data that a case needs goes before its day."""

    kept_in: str
    warn_days: Days
    """So many days before the purge those are warned whose case needs the data; the agency's choice."""
