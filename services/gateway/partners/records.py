"""Whether the record that a client sends is what it is to be: of its own agency, of now, and of this question. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from plateward.contracts.access import AccessRecord, access_record_id
from plateward.contracts.canonical import canonical
from plateward.contracts.partners import PageAfter, query_of
from plateward.policy.reasons import Lacking, Missing
from services.gateway.partners.clients import MachineClient
from services.gateway.partners.keys import NotSigned, payload_signed
from services.gateway.searching.question import Question, what_is_too_broad

CLOCKS_MAY_DIFFER = timedelta(minutes=5)


class RecordRefused(Lacking):
    """The record is not that of the question, or not one that may be appended; says what is wrong with it."""


class NotItsOwn(Exception):
    """A client sends the record of somebody that it is not."""


def check_whose(record: AccessRecord, signature: str, client: MachineClient) -> bytes:
    """The record's bytes, once they are the client's own to send, and signed by it; raises NotItsOwn."""
    if record.actor.agency_id != client.agency_id:
        raise NotItsOwn(f"the record is of {record.actor.agency_id}, and the client is {client.agency_id}'s")
    content = canonical(record)
    try:
        payload_signed(signature, client.keys, detached=content)
    except NotSigned as error:
        raise NotItsOwn(f"the record's signature: {error}") from error
    return content


def what_a_search_record_lacks(
    record: AccessRecord, question: Question, after: PageAfter | None, here: Collection[str], at: datetime
) -> tuple[Missing, ...]:
    """What keeps the record from being that of this search; empty when nothing does. `here` are our own agencies."""
    found = [*what_any_record_lacks(record, at)]
    if record.action != "search":
        found.append(Missing("record.action", "must be search"))
    said, asked = record.query, query_of(question, after)
    found += (
        Missing(f"record.query.{name}", _must_be(asked.get(name)))
        for name in sorted(said.keys() | asked.keys())
        if said.get(name) != asked.get(name)
    )
    found += _of_the_owners(record.owners, question, here)
    found += (Missing(f"question.{one.field}", one.rule) for one in what_is_too_broad(question))
    return tuple(found)


def what_any_record_lacks(record: AccessRecord, at: datetime) -> Iterator[Missing]:
    """What keeps a record from being one of asking, of now."""
    if record.phase != "asked" or record.results is not None or record.problem is not None:
        yield Missing("record.phase", "must be asked, with neither results nor a problem")
    if record.id != access_record_id(record.access_id, "asked"):
        yield Missing("record.id", "must be the id that the access_id and the phase give")
    if abs(record.at - at) > CLOCKS_MAY_DIFFER:
        minutes = CLOCKS_MAY_DIFFER // timedelta(minutes=1)
        yield Missing("record.at", f"must lie within {minutes} minutes of our clock, which says {at.isoformat()}")


def _of_the_owners(owners: Sequence[str], question: Question, here: Collection[str]) -> Iterator[Missing]:
    strays = [owner for owner in owners if owner not in here]
    if strays or not owners or len(set(owners)) != len(owners):
        yield Missing("record.owners", f"must be among the agencies of here, each once: {', '.join(here)}")
    elif question.owners and not set(owners) <= set(question.owners):
        yield Missing("record.owners", "must be among the owners that the question names")


def _must_be(value: str | None) -> str:
    return "must be left out: the question does not say it" if value is None else f"must say what is asked: {value}"
