"""What an alert may be for, how it is verified, and what the dispatcher does with it."""

from typing import Literal

from plateward.contracts.hot_list import Category
from plateward.policy.profile.rule import Part, Rule

Compared = Literal["characters", "state", "vehicle"]
Confirmation = Literal["always", "unless-exigent", "when-practicable"]
StepBy = Literal["dispatcher", "officer"]


class Alerts(Rule, frozen=True, kw_only=True):
    """The reasons for which there are alerts (Flagstaff 317.2)."""

    categories: tuple[Category, ...]
    audible: bool = False
    """Whether every hit sounds (Kentucky IV.J.1)."""


class Verification(Rule, frozen=True, kw_only=True):
    """What must be seen and confirmed before anybody acts on a hit."""

    compare: tuple[Compared, ...]
    """What is compared by eye, read against entry."""
    confirm_through: tuple[str, ...]
    """The systems of which one confirms that the plate is still wanted."""
    confirmation: Confirmation
    """Whether a hit may be acted on without; an exigency is recorded and reviewed (Stockton I.D)."""
    also_query: tuple[str, ...] = ()
    """What is asked besides when circumstances allow."""
    person_is_checked: bool = False
    """Whether the driver is compared with the wanted person, the plate being the vehicle's (Flagstaff 317.6.D)."""


class DispatchStep(Part, frozen=True, kw_only=True):
    """One thing that is done with a hit, timed and signed by whoever does it."""

    id: str
    label: str
    by: StepBy
    optional: bool = False


class Dispatch(Rule, frozen=True, kw_only=True):
    """The steps in their order, and what goes along with them."""

    steps: tuple[DispatchStep, ...]
    relay_instructions: bool = False
    """The entry's instructions are read out at dispatch (Kentucky IV.J.4)."""
    vehicle_of_stolen_plate: bool = False
    """Of a stolen plate, units are told what vehicle it belongs to (Kentucky IV.J.3)."""
    disposition_required: bool = False
    """A hit is closed only with its outcome (Kentucky IV.I.3)."""
    notify_originator: bool = False
    """Whoever entered the plate hears of the recovery and of arrests (Kentucky IV.J.5)."""
    arrest_names_vehicle: bool = False
    """An arrest is documented with the number of the officer's vehicle (Stockton III.E.1)."""
