"""Files of sources, and what is read of them."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

import msgspec

from plateward.contracts.hot_list import Category, HotListEntry
from services.gateway.list_sources.accepting import Accepted
from services.gateway.list_sources.designated import DesignatedList, Format
from services.gateway.list_sources.faults import Fault
from services.gateway.list_sources.reading import Line, read

ALL = get_args(Category)

LINE = "MKE/STOLEN VEHICLE.LIC/7KXR214.LIS/CA.LIY/2027.LIT/PC.VMA/HOND.VCO/SIL.ORI/CA0390000.NIC/V123456789"


def a_list(format: Format, **changes: Any) -> DesignatedList:
    """A list of Stockton's on which everything is designated, in this format."""
    return msgspec.structs.replace(DesignatedList("stockton", "ncic", "NCIC", categories=ALL, format=format), **changes)


def lines_read(text: str | bytes, format: Format, **changes: Any) -> list[Line]:
    """What becomes of a file that comes in pieces of seven bytes."""
    data = text.encode() if isinstance(text, str) else text
    return list(read(in_pieces(data), a_list(format, **changes)))


def in_pieces(data: bytes, size: int = 7) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def entries(lines: Iterable[Line]) -> list[HotListEntry]:
    """The entries that were taken."""
    taken = [one.outcome for one in lines if isinstance(one.outcome, Accepted)]
    return [msgspec.json.decode(one.document, type=HotListEntry) for one in taken]


def faults(lines: Iterable[Line]) -> list[tuple[int, str, str]]:
    """The lines that were not: number, field, rule."""
    return [(one.number, one.outcome.field, one.outcome.rule) for one in lines if isinstance(one.outcome, Fault)]
