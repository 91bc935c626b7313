"""Who may use the system and how far, who keeps the accounts, what must have been learnt, and how sessions end."""

from typing import Annotated, Literal

import msgspec

from plateward.policy.profile.rule import Days, Hours, Part, Rule

Access = Literal["full", "limited"]
Right = Literal[
    "search",
    "watch-hits",
    "view-images",
    "list-entries",
    "enter-entries",
    "approve-entries",
    "designate-lists",
    "share-lists",
    "receive-releases",
    "approve-releases",
    "watch-cameras",
    "administer-cameras",
    "approve-cameras",
    "keep-accounts",
    "review-accounts",
    "suspend-people",
    "record-training",
    "keep-agreements",
    "sign-agreements",
    "conduct-audits",
    "review-audits",
    "read-reports",
]
TrainedFor = Literal["data", "equipment"]
"""Kinds of access that ask for training of their own (Stockton III.C.1-2)."""

DATA_RIGHTS: frozenset[Right] = frozenset({"search", "watch-hits", "view-images", "list-entries", "enter-entries"})
EQUIPMENT_RIGHTS: frozenset[Right] = frozenset({"watch-cameras", "administer-cameras"})


class AuthorisedTitles(Rule, frozen=True, kw_only=True):
    """The job titles that may use the system, and how far."""

    titles: dict[str, Access]
    rights: dict[Access, tuple[Right, ...]]
    offices: tuple[str, ...] = ()
    """Further titles that the policy names for decisions; being one gives no right to data."""


class VendorAccess(Part, frozen=True, kw_only=True):
    """People of a vendor, who may maintain and never see data (Barstow 466.10.d)."""

    titles: tuple[str, ...]
    longest_hours: Hours
    """A window of maintenance that is opened for them lasts no longer."""
    rights: tuple[Right, ...] = ("watch-cameras",)


class Accounts(Rule, frozen=True, kw_only=True):
    """Who creates accounts, looks them through, and takes them away."""

    keepers: tuple[str, ...]
    """The only titles that create, deactivate and release accounts (Barstow 466.10)."""
    reviewers: tuple[str, ...]
    """Who reviews the accounts, and deactivates those no longer authorised (Barstow 466.6.d)."""
    review_every_days: Days
    """Where the policy names no interval it is the agency's choice."""
    suspenders: tuple[str, ...]
    """Who records a violation, which suspends the person until they are retrained (Barstow 466.6.e)."""
    vendors: VendorAccess | None = None

    def rights_of(self, title: str) -> frozenset[Right]:
        """What a title may do with accounts."""
        named: tuple[tuple[tuple[str, ...], Right], ...] = (
            (self.keepers, "keep-accounts"),
            (self.reviewers, "review-accounts"),
            (self.suspenders, "suspend-people"),
        )
        return frozenset(right for titles, right in named if title in titles)


class TrainingKind(Part, frozen=True, kw_only=True):
    """A training, and how long it counts; None counts for good."""

    id: str
    label: str
    valid_days: Days | None


class Training(Rule, frozen=True, kw_only=True):
    """What must have been learnt before each kind of access, and who keeps the records of it."""

    kinds: tuple[TrainingKind, ...]
    required: dict[TrainedFor, tuple[str, ...]]
    """The trainings without which there is no access of this kind."""
    recorders: tuple[str, ...]
    """The titles that put a completed training on file."""
    retraining: str
    """The training that ends a suspension."""

    def kind(self, training_id: str) -> TrainingKind | None:
        """The training of this id."""
        return next((kind for kind in self.kinds if kind.id == training_id), None)

    def required_for(self, right: Right) -> tuple[str, ...]:
        """The trainings without which nobody has this right."""
        if right in DATA_RIGHTS:
            return self.required.get("data", ())
        return self.required.get("equipment", ()) if right in EQUIPMENT_RIGHTS else ()


class Sessions(Rule, frozen=True, kw_only=True):
    """When a person must show again who they are (CJIS Security Policy 5.9.4, AC-11 and IA-2)."""

    longest_hours: Annotated[int, msgspec.Meta(ge=1, le=12)] = 12
    idle_minutes: Annotated[int, msgspec.Meta(ge=1, le=30)] = 30
    dispatch_titles: tuple[str, ...] = ()
    """The titles that stay signed in without moving, in a secured dispatch room and nowhere else."""
