"""What another region's gateway may answer, and what of it is shown. Pure.

Its people are held to what both have agreed, as ours are: an answer with an owner that was not asked, or with more of a
read than this side's own copy of the agreement shows, is no answer, and nothing of it is shown.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from plateward.contracts.access import AccessRecord, access_record_id
from plateward.contracts.partners import PageAfter, PartnerSearchAnswered, ReadShared
from plateward.plates.confusion import match_key
from services.gateway.searching.found import RESULTS_MAX, FoundRead
from services.gateway.searching.owners import OwnersPart
from services.gateway.searching.question import Question
from services.gateway.searching.scopes import Scope, Shown
from services.gateway.writing import holds_unseen

CLOCKS_DIFFER_AT_MOST = timedelta(minutes=5)
TEXT_AT_MOST = 300


class Distrusted(Exception):
    """The answer is not one to what was asked; says how."""


def check_outcome(outcome: AccessRecord, asked: AccessRecord, at: datetime) -> None:
    """Raises Distrusted unless this is the record of how that asking ended, and of nothing else.

    It is appended to this side's log as it came, so it may say nothing else of who asked whom, what and why.
    """
    if outcome.phase == "asked" or outcome.id != access_record_id(asked.access_id, outcome.phase):
        raise Distrusted("its record of the outcome is not of this look")
    if abs(outcome.at - at) > CLOCKS_DIFFER_AT_MOST:
        raise Distrusted("its record of the outcome is of another time")
    if not set(outcome.owners) <= set(asked.owners) or any(
        one.owner not in asked.owners for one in outcome.shared_under
    ):
        raise Distrusted("its record of the outcome names owners that were not asked")
    own_words = msgspec.structs.replace(
        outcome,
        id=asked.id,
        phase=asked.phase,
        at=asked.at,
        owners=asked.owners,
        results=asked.results,
        problem=asked.problem,
        shared_under=asked.shared_under,
    )
    if own_words != asked:
        raise Distrusted("its record of the outcome says something else than was asked")
    if holds_unseen(outcome.problem or "") or len(outcome.problem or "") > TEXT_AT_MOST:
        raise Distrusted("its record of the outcome cannot be read")


def found_there(
    answered: PartnerSearchAnswered,
    asked: AccessRecord,
    question: Question,
    agreed: tuple[OwnersPart, ...],
    after: PageAfter | None,
) -> tuple[FoundRead, ...]:
    """The reads of the answer, each within what was asked and agreed; raises Distrusted.

    `agreed` are the owners' parts as this side's own copies of the agreements decide them.
    """
    if sorted(part.agency_id for part in answered.parts) != sorted(asked.owners):
        raise Distrusted("does not say of each owner asked, and of no other, what was decided")
    if any(len(part.basis) > TEXT_AT_MOST * 3 or holds_unseen(part.basis) for part in answered.parts):
        raise Distrusted("gives its reasons in words that cannot be shown")
    if len(answered.reads) > RESULTS_MAX or len({read.id for read in answered.reads}) != len(answered.reads):
        raise Distrusted("holds more reads than a page has, or one twice")
    recorded = (answered.outcome.results or 0) if answered.outcome.phase == "answered" else 0
    if recorded != len(answered.reads):
        raise Distrusted("holds another number of reads than its record says")
    began = asked.access_id if after is None else after.search
    if answered.next is not None and (answered.next.search != began or not answered.reads):
        raise Distrusted("goes on with another search")
    scopes = {part.agency_id: part.scopes for part in agreed}
    there = {part.agency_id for part in answered.parts if part.granted}
    last = None if after is None else (after.captured_at, after.read_id)
    for read in answered.reads:
        if last is not None and read.captured_at > last[0]:
            raise Distrusted("is not in the order of time")
        last = (read.captured_at, read.id)
        wrong = next(_wrong(read, question, scopes[read.agency_id]), None) if read.agency_id in there else "its owner"
        if wrong is not None:
            raise Distrusted(f"holds a read that was not asked for, or not agreed: {wrong}")
    return tuple(_as_found(read) for read in answered.reads)


def _wrong(read: ReadShared, question: Question, scopes: tuple[Scope, ...]) -> Iterator[str]:
    if not question.captured_from <= read.captured_at <= question.captured_until:
        yield "its time"
    if not _answers_plate(read, question):
        yield "its plate"
    if question.cameras and read.camera_id not in question.cameras:
        yield "its camera"
    if not (-90 <= read.latitude <= 90 and -180 <= read.longitude <= 180 and 0 <= read.confidence <= 1):
        yield "its place"
    if read.bearing_deg is not None and not 0 <= read.bearing_deg <= 360:
        yield "its direction"
    if question.area is not None and not question.area.contains(read.latitude, read.longitude):
        yield "its place"
    for name, asked in (("state", question.state), *msgspec.structs.asdict(question.vehicle).items()):
        if asked is not None and (getattr(read, name) or "").casefold() != asked.casefold():
            yield f"its {name}"
    shows = {one for scope in scopes if _holds(scope, read) for one in scope.shows}
    if not any(_holds(scope, read) for scope in scopes):
        yield "it lies outside of the agreement"
    hidden = sorted(_told(read) - shows)
    if hidden:
        yield f"the agreement does not show the {hidden[0]}"
    texts = (read.plate, read.camera_id, read.camera_name, read.state, read.make, read.model, read.colour, read.kind)
    if any(text is not None and (len(text) > TEXT_AT_MOST or holds_unseen(text)) for text in texts):
        yield "its words"


def _answers_plate(read: ReadShared, question: Question) -> bool:
    if question.pattern is None:
        return True
    if question.spelling == "exact":
        return question.pattern.matches(read.plate)
    return question.pattern.folded.matches(match_key(read.plate))


def _holds(scope: Scope, read: ReadShared) -> bool:
    covered = scope.covers(read.camera_id, read.latitude, read.longitude)
    return covered and scope.reaches_back_to(read.captured_at + CLOCKS_DIFFER_AT_MOST)


def _told(read: ReadShared) -> set[Shown]:
    told: dict[Shown, object] = {
        "state": read.state,
        "vehicle": read.make or read.model or read.colour or read.kind,
        "direction": read.bearing_deg,
    }
    return {name for name, value in told.items() if value is not None}


def _as_found(read: ReadShared) -> FoundRead:
    # Pictures stay with their owner: whoever needs one asks there, under the number of this look.
    return FoundRead(**msgspec.structs.asdict(read), has_plate_picture=False, has_scene_picture=False)
