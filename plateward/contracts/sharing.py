"""What an agency shares with another under a memorandum of understanding, as the matcher needs to know it."""

import uuid
from typing import Annotated, ClassVar, Literal

import msgspec

from plateward.contracts.event import Event, Moment
from plateward.contracts.hot_list import Category

DataKind = Literal["lists", "hits", "reads", "images"]
"""`lists`: the grantee's cameras look for the grantor's entries. `hits`: the grantee sees hits on the grantor's
cameras, of entries that it may know. `reads`: it searches the grantor's reads. `images`: it sees the pictures."""


class SharingAgreement(Event, frozen=True):
    """One grant of an MOU, on `sharing`: what is not named is not shared. The newest of an id holds."""

    TYPE: ClassVar[str] = "plateward.sharing-agreement.v1"

    id: uuid.UUID
    mou_id: str
    mou_version: Annotated[int, msgspec.Meta(ge=1)]
    grantor: str
    grantee: str
    data_kinds: tuple[DataKind, ...]
    starts_at: Moment
    ends_at: Moment
    list_ids: tuple[str, ...] = ()
    """The grantor's lists that are shared, each by its id: no list is shared without an approval (Stockton IV.C.6)."""
    categories: tuple[Category, ...] | None = None
    """The categories of those lists; None is all."""
    camera_ids: tuple[str, ...] | None = None
    """The grantor's cameras; None is all."""
    suspended_at: Moment | None = None
    """Since when it is suspended, whatever its end."""
