"""Searching page by page: each page is a look of its own, logged by the requester before it is asked and after."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from plateward.client.records import Asker, asking
from plateward.contracts.access import AccessRecord, Reason
from plateward.contracts.partners import PageAfter, PartnerSearchAnswered
from plateward.contracts.questions import QuestionAsked

Keep = Callable[[AccessRecord], Awaitable[None]]
"""Appends a record to the requester's own log, and returns once it is durable. What it raises ends the search."""

Ask = Callable[[AccessRecord, QuestionAsked, PageAfter | None], Awaitable[PartnerSearchAnswered]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search has come."""

    pages: int
    reads: int
    finished: bool


async def pages(
    ask: Ask,
    keep: Keep,
    asker: Asker,
    question: QuestionAsked,
    reason: Reason,
    owners: Sequence[str],
    on_progress: Callable[[Progress], None] | None,
) -> AsyncIterator[PartnerSearchAnswered]:
    """The pages of an answer, newest reads first."""
    after: PageAfter | None = None
    number, reads = 0, 0
    while True:
        record = asking(asker, question, reason, owners, after)
        await keep(record)
        answer = await ask(record, question, after)
        await keep(answer.outcome)
        number, reads, after = number + 1, reads + len(answer.reads), answer.next
        if on_progress is not None:
            on_progress(Progress(number, reads, after is None))
        yield answer
        if after is None:
            return
