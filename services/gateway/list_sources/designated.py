"""A list as its agency has designated it: all that is needed to make entries of what its source says."""

import hashlib
from typing import Literal

import msgspec

from plateward.contracts.hot_list import Category, Grade
from plateward.policy.profile import AgencyProfile, Designation
from services.gateway.entries.new_entry import DEPARTMENT_LIST

COMPILED = "compiled"
"""The source of lists that the platform itself compiles (Stockton IV.C.3): no file brings them."""

Format = Literal["ncic", "csv", "json"]


class DesignatedList(msgspec.Struct, frozen=True):
    """One list of one agency, and how its files are written."""

    agency_id: str
    list_id: str
    source: str
    categories: tuple[Category, ...]
    grade: Grade = "actionable"
    format: Format = "csv"
    mapping: str = ""
    """The mapping of a CSV file, in YAML; without any, its columns are named as our fields are."""

    @property
    def reading(self) -> str:
        """A digest of all that decides how a file is read: read the same way, the same file says the same."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def brought_lists(profile: AgencyProfile) -> dict[str, Designation]:
    """The lists that files bring, by id: all that are designated but the agency's own and those that it compiles."""
    return {
        one.list: one
        for one in profile.hot_lists.designations
        if one.list != DEPARTMENT_LIST and one.source != COMPILED
    }
