"""Why a line of a source's file is not taken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """The field that is wrong, in the words of the file, and the rule that it breaks; never what stood there."""

    field: str
    rule: str


class Faulty(Exception):
    """Raised where a line turns out not to be taken."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.fault = Fault(field, rule)
