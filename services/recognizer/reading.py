"""From a pass to the read that goes on: whose it is, what it shows, how sure it is, when it must be gone."""

from collections.abc import Mapping

from plateward.contracts.reads import Candidate, PlateRead, ReadImages, VehicleDescription
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.retention import expires_on
from services.recognizer.passes import Pass
from services.recognizer.tracks import direction_of
from services.recognizer.vehicle_colour import voted

SOURCE = "recognizer"

HASH_DIGITS = 16
"""Of a model's SHA-256, so many digits go with each read: enough to name it, and a read stays under 1 kB."""


def read_of(one: Pass, policies: PolicyCatalogue, models: Mapping[str, str]) -> PlateRead:
    """A pass as it stands, as a read; raises UnknownAgency when nobody's policy says how long to keep it."""
    frame, vote = one.frame, one.vote
    policy = policies[frame.agency_id]
    day = expires_on(policy, SOURCE, frame.captured_at)
    folder = f"{day.isoformat()}/{frame.agency_id}/{one.id}"
    least = policy.recognition.least_confidence
    return PlateRead(
        id=one.id,
        frame_id=frame.id,
        camera_id=frame.camera_id,
        agency_id=frame.agency_id,
        place=frame.place,
        captured_at=frame.captured_at,
        plate=vote.text,
        confidence=_share(vote.confidence),
        candidates=tuple(Candidate(plate=each.text, confidence=_share(each.confidence)) for each in vote.candidates),
        character_confidences=tuple(_share(each) for each in _clearness(one)),
        expires_on=day,
        images=ReadImages(plate=f"{folder}/plate.jpg", scene=f"{folder}/scene.jpg"),
        models={name: sha256[:HASH_DIGITS] for name, sha256 in models.items()},
        source=SOURCE,
        state=_state(one),
        vehicle=_vehicle(one),
        frames=len(one.sightings),
        last_seen_at=one.sightings[-1].at if len(one.sightings) > 1 else None,
        direction=direction_of(one.sightings),
        below_threshold=_share(vote.confidence) < least,
        supersedes=one.told.text if one.told is not None and _share(one.told.confidence) >= least else None,
    )


def _clearness(one: Pass) -> tuple[float, ...]:
    """How clearly each character of the voted plate was seen, in the frame that was surest of it.

    A plate that no frame had for its best reading was seen no clearer than its vote is sure.
    """
    agreeing = [seen.plate for seen in one.sightings if seen.plate.text == one.vote.text]
    if not agreeing:
        return (one.vote.confidence,) * len(one.vote.text)
    return max(agreeing, key=lambda plate: plate.confidence).character_confidences


def _state(one: Pass) -> str | None:
    """The state of issue that the frames of the voted plate name; unknown where they name none, or not the same."""
    named = {seen.plate.state for seen in one.sightings if seen.plate.text == one.vote.text} - {None}
    return named.pop() if len(named) == 1 else None


def _vehicle(one: Pass) -> VehicleDescription | None:
    """What the frames show of the vehicle: its colour, where it can be told; make and model are never guessed."""
    colour = voted([seen.plate.vehicle_colour for seen in one.sightings])
    return VehicleDescription(colour=colour.name, colour_confidence=colour.confidence) if colour else None


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)
