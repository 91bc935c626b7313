"""One look for each region: both records in this side's log, and a part that says so where nothing was answered."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from plateward.contracts.access import AccessRecord, Reason
from plateward.contracts.partners import OwnersPartDecided, PageAfter, PartnerSearchAnswered
from plateward.contracts.questions import QuestionAsked
from plateward.policy.catalogue import load_catalogue
from services.gateway.access import AccessGate, Inquiry, NotRecorded
from services.gateway.people import Person, Session
from services.gateway.regions.asking import NotReached, RefusedThere, RegionSearch
from services.gateway.regions.region import InvalidRegion, Region, Regions
from services.gateway.searching.owners import OwnersPart
from services.gateway.sharing.mou import Party
from tests.unit.gateway.regions.answering import AGREED, AT, QUESTION, a_read, answered

POLICIES = load_catalogue()
VALLEY = Region(
    "The valley",
    tuple(Party(agency_id=one, name=one, kind="law-enforcement", state="CA") for one in QUESTION.owners),
)
PERSON = Person(uuid.uuid4(), "okafor", "D. Okafor", "Detective", "barstow")
SESSION = Session(uuid.uuid4(), PERSON, frozenset({"search"}), AT)
REASON = Reason(purpose="stolen-vehicle", form="case", values={"case_number": "26-004417"})
INQUIRY = Inquiry(SESSION, "search", {"plate": "AB0123"}, REASON, ("barstow",), "192.0.2.7")

Answer = Callable[[AccessRecord, QuestionAsked], PartnerSearchAnswered]


class Log:
    """This side's log; closed, it takes nothing."""

    def __init__(self) -> None:
        self.records: list[AccessRecord] = []
        self.is_closed = False

    async def append(self, record: AccessRecord) -> None:
        if self.is_closed:
            raise NotRecorded
        self.records.append(record)


class There:
    """The other gateway: it answers as the test says."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.questions: list[QuestionAsked] = []

    async def ask(
        self, record: AccessRecord, question: QuestionAsked, after: PageAfter | None
    ) -> PartnerSearchAnswered:
        self.questions.append(question)
        return self._answer(record, question)


def search(log: Log, there: There | None) -> RegionSearch:
    gateways = {} if there is None else {("The valley", "barstow"): there}
    return RegionSearch(
        gate=AccessGate(log, lambda: AT), regions=Regions([VALLEY], POLICIES), gateways=gateways, now=lambda: AT
    )


def failing(error: Exception) -> Answer:
    def answer(record: AccessRecord, question: QuestionAsked) -> PartnerSearchAnswered:
        raise error

    return answer


async def test_both_records_of_a_look_are_in_the_log_the_outcome_as_the_owner_has_made_it() -> None:
    log, read = Log(), a_read()
    there = There(lambda record, question: answered(record, read))
    (answer,) = await search(log, there).ask(INQUIRY, QUESTION, AGREED)
    assert (answer.state, [one.id for one in answer.reads]) == ("answered", [read.id])
    begun, ended = log.records
    assert answer.record == begun
    assert (begun.phase, ended.phase, ended.results) == ("asked", "answered", 1)
    assert begun.owners == there.questions[0].owners == ("ashgrove", "elmwood")
    assert begun.query == there.questions[0].as_query
    assert begun.actor == PERSON.actor


@pytest.mark.parametrize(
    ("error", "state", "problem"),
    [
        (NotReached("it did not answer within 8 seconds"), "unreachable", "NotReached"),
        (RefusedThere("the client is not admitted"), "refused", "RefusedThere"),
    ],
)
async def test_a_region_that_does_not_answer_is_a_part_that_says_so(error: Exception, state: str, problem: str) -> None:
    log = Log()
    (answer,) = await search(log, There(failing(error))).ask(INQUIRY, QUESTION, AGREED)
    assert (answer.state, answer.why, answer.reads) == (state, str(error), ())
    assert [(one.phase, one.problem) for one in log.records] == [("asked", None), ("failed", problem)]


async def test_owners_that_refuse_there_are_told_with_their_reasons() -> None:
    def refuse(record: AccessRecord, question: QuestionAsked) -> PartnerSearchAnswered:
        parts = tuple(OwnersPartDecided(agency_id=one, granted=False, basis="is suspended") for one in record.owners)
        return answered(record, parts=parts)

    (answer,) = await search(Log(), There(refuse)).ask(INQUIRY, QUESTION, AGREED)
    assert (answer.state, answer.why) == ("refused", "is suspended; is suspended")


async def test_an_answer_with_more_than_was_asked_is_logged_and_not_shown() -> None:
    log = Log()
    there = There(lambda record, question: answered(record, a_read(agency_id="stockton")))
    (answer,) = await search(log, there).ask(INQUIRY, QUESTION, AGREED)
    assert (answer.state, answer.reads) == ("distrusted", ())
    assert [one.phase for one in log.records] == ["asked", "answered"], "the owner has looked, and both logs say so"


async def test_nobody_is_asked_without_a_durable_record() -> None:
    log = Log()
    log.is_closed = True
    there = There(lambda record, question: answered(record))
    with pytest.raises(NotRecorded):
        await search(log, there).ask(INQUIRY, QUESTION, AGREED)
    assert there.questions == []


async def test_an_answer_whose_outcome_cannot_be_kept_is_not_given() -> None:
    log = Log()

    def close(record: AccessRecord, question: QuestionAsked) -> PartnerSearchAnswered:
        log.is_closed = True
        return answered(record, a_read())

    with pytest.raises(NotRecorded):
        await search(log, There(close)).ask(INQUIRY, QUESTION, AGREED)


async def test_only_owners_whom_the_own_agreements_grant_are_asked_and_none_of_here() -> None:
    there = There(lambda record, question: answered(record))
    denied = replace(AGREED[1], granted=False, scopes=())
    own = OwnersPart("barstow", granted=True, basis="own")
    await search(Log(), there).ask(INQUIRY, QUESTION, (own, AGREED[0], denied))
    assert there.questions[0].owners == ("ashgrove",)
    assert await search(Log(), there).ask(INQUIRY, QUESTION, (own, denied)) == ()
    after = PageAfter(search=uuid.uuid4(), captured_at=AT - timedelta(hours=1), read_id=uuid.uuid4())
    assert await search(Log(), there).page("The valley", INQUIRY, QUESTION, (own, denied), after) is None
    assert await search(Log(), there).page("Nowhere", INQUIRY, QUESTION, AGREED, after) is None


async def test_an_agency_that_is_no_client_there_is_told_so_and_nothing_is_recorded() -> None:
    log = Log()
    (answer,) = await search(log, None).ask(INQUIRY, QUESTION, AGREED)
    assert (answer.state, answer.record, log.records) == ("not asked", None, [])


def test_no_agency_is_of_two_regions_nor_of_here() -> None:
    for regions in (
        [VALLEY, replace(VALLEY, name="Another")],
        [VALLEY, Region("The valley", ())],
        [Region("Mine", (Party(agency_id="barstow", name="x", kind="law-enforcement", state="CA"),))],
    ):
        with pytest.raises(InvalidRegion):
            Regions(regions, POLICIES)
