"""From what an edge reader says to the read that goes on: whose it is, what it shows, when it must be gone."""

from datetime import date, datetime

from plateward.contracts.event import derive_id
from plateward.contracts.reads import Candidate, PlateRead, ReadImages
from plateward.plates.normalise import NotAPlate, normalise
from plateward.policy.catalogue import PolicyCatalogue, UnknownAgency
from plateward.policy.retention import expires_on
from services.ingest.cameras import Camera
from services.ingest.edge.edge_read import EdgeRead
from services.ingest.edge.states import state_of_issue
from services.ingest.passing import Passing
from services.ingest.refusals import Refused

CANDIDATES_MAX = 10


def plate_of(read: EdgeRead) -> str:
    """The plate, normalised; raises Refused when it is none."""
    try:
        return normalise(read.plate)
    except NotAPlate as error:
        # Its message may name a character of the plate; the rule does not.
        raise Refused(
            "not-a-plate", read.field, "must have 1 to 12 letters A to Z and digits, and no others"
        ) from error


def day_of(camera: Camera, source: str, passing: Passing, policies: PolicyCatalogue) -> date:
    """The day on which the read must be gone; raises Refused when no policy says."""
    try:
        return expires_on(policies[camera.agency_id], source, passing.captured_at)
    except UnknownAgency as error:
        raise Refused("no-policy", "camera", "must be of an agency that has a profile") from error


def images_of(camera: Camera, passing: Passing, day: date, read: EdgeRead) -> ReadImages:
    """The keys of the pictures that came along."""
    folder = f"{day.isoformat()}/{camera.agency_id}/{passing.read_id}"
    return ReadImages(
        plate=f"{folder}/plate.jpg" if read.plate_picture else None,
        scene=f"{folder}/scene.jpg" if read.scene_picture else None,
    )


def plate_read(
    camera: Camera,
    source: str,
    read: EdgeRead,
    *,
    plate: str,
    passing: Passing,
    day: date,
    images: ReadImages,
    least: float,
) -> PlateRead:
    """The read as it goes on the topic; `least` is the confidence that the camera's agency asks for."""
    return PlateRead(
        id=passing.read_id,
        frame_id=derive_id("edge-frame", passing.read_id),
        camera_id=camera.id,
        agency_id=camera.agency_id,
        place=camera.place,
        captured_at=passing.captured_at,
        plate=plate,
        confidence=read.confidence,
        candidates=_candidates(read, plate),
        character_confidences=(),
        expires_on=day,
        images=images,
        models={},
        source=source,
        state=state_of_issue(read.region),
        vehicle=read.vehicle,
        frames=read.frames,
        last_seen_at=_last_seen(read, passing),
        direction=read.direction,
        below_threshold=read.confidence < least,
    )


def _last_seen(read: EdgeRead, passing: Passing) -> datetime | None:
    """The end of the passing, where the device says; not before what the passing's first report made its beginning."""
    return None if read.until is None else max(read.until, passing.captured_at)


def _candidates(read: EdgeRead, plate: str) -> tuple[Candidate, ...]:
    """The plate and its other spellings, each once, the best first; what can't be a plate is left out."""
    best = {plate: read.confidence}
    for text, confidence in read.candidates:
        try:
            best.setdefault(normalise(text), confidence)
        except NotAPlate:
            continue
    ranked = sorted(best.items(), key=lambda item: (item[0] != plate, -item[1]))
    return tuple(Candidate(plate=text, confidence=confidence) for text, confidence in ranked[:CANDIDATES_MAX])
