"""What an MOU grants of hits and lists, as the matcher and the distribution of hits follow it. Pure."""

from collections.abc import Iterable

from plateward.contracts.event import derive_id
from plateward.contracts.sharing import SharingAgreement
from services.gateway.searching.found import Placement
from services.gateway.sharing.mou import Mou


def sharing_agreement(mou: Mou, placements: Iterable[Placement]) -> SharingAgreement:
    """The signed MOU as its event: the newest of an id holds, so a new version takes the place of the one before."""
    terms = mou.terms
    return SharingAgreement(
        id=derive_id("mou", terms.mou_id),
        mou_id=terms.mou_id,
        mou_version=terms.version,
        grantor=terms.grantor.agency_id,
        grantee=terms.grantee.agency_id,
        data_kinds=terms.data_kinds,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        list_ids=terms.list_ids,
        categories=terms.categories or None,
        camera_ids=_cameras(mou, placements),
        suspended_at=None if mou.suspension is None else mou.suspension.at,
    )


def _cameras(mou: Mou, placements: Iterable[Placement]) -> tuple[str, ...] | None:
    """The cameras that are named, and those that stand in an area that is; None is all.

    A camera that stands both within and without has moved: its hits are shared only where it is named.
    """
    terms = mou.terms
    if not terms.cameras and not terms.areas:
        return None
    stood: dict[str, bool] = {}
    for place in placements:
        if place.agency_id == terms.grantor.agency_id:
            within = any(area.contains(place.latitude, place.longitude) for area in terms.areas)
            stood[place.camera_id] = stood.get(place.camera_id, True) and within
    return tuple(sorted({*terms.cameras, *(camera for camera, within in stood.items() if within)}))
