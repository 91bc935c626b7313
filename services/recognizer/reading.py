"""From what the engine found in a frame to the read that goes on: whose it is, what it shows, when it must be gone."""

from collections.abc import Mapping

from plateward.contracts.frames import Frame
from plateward.contracts.reads import Candidate, PlateRead, ReadImages, read_id
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.retention import expires_on
from services.recognizer.engine import PlateFound

SOURCE = "recognizer"


def read_of(
    frame: Frame, found: PlateFound, index: int, policies: PolicyCatalogue, models: Mapping[str, str]
) -> PlateRead:
    """The index-th plate of a frame as a read; raises UnknownAgency when nobody's policy says how long to keep it."""
    identity = read_id(frame.id, index)
    day = expires_on(policies[frame.agency_id], SOURCE, frame.captured_at)
    folder = f"{day.isoformat()}/{frame.agency_id}/{identity}"
    return PlateRead(
        id=identity,
        frame_id=frame.id,
        camera_id=frame.camera_id,
        agency_id=frame.agency_id,
        place=frame.place,
        captured_at=frame.captured_at,
        plate=found.text,
        confidence=_share(found.confidence),
        candidates=tuple(Candidate(plate=one.text, confidence=_share(one.confidence)) for one in found.candidates),
        character_confidences=tuple(_share(one) for one in found.character_confidences),
        expires_on=day,
        images=ReadImages(plate=f"{folder}/plate.jpg", scene=f"{folder}/scene.jpg"),
        models=dict(models),
        source=SOURCE,
        state=found.state,
    )


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)
