"""Before anything is looked up: purpose, reason, case, repetition, and a supervisor where policy asks for one.

Flagstaff 317.5.6 and 317.8.G, Kentucky IV.P.4 and Q.1, Stockton III.A.1.c.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from plateward.contracts.access import CaseCheck, Reason
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.inquiries import case_number, what_an_inquiry_lacks
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Lacking, Missing
from plateward.policy.screening import words_of
from services.gateway.people import Session, require
from services.gateway.searching.approval import ApprovalNeeded, ApprovalRequest, ApprovalStore, fingerprint_of
from services.gateway.searching.past import SearchStore, Tally, Traces
from services.gateway.searching.question import Question, what_is_too_broad
from services.gateway.searching.seals import Seals
from services.gateway.writing import unwritable

CaseFound = Literal["known", "unknown", "unreachable", "no-register"]


class ReasonRefused(Lacking):
    """The agency's policy does not accept this purpose, reason or question; says what is missing."""


class CaseRegister(Protocol):
    """The agencies' own registers of cases and calls (RMS, CAD)."""

    async def look_up(self, agency_id: str, number: str) -> CaseFound:
        """Whether the agency's register knows the number, or could not be asked."""


@dataclass(frozen=True, slots=True)
class Admission:
    """A question that may be asked, and what its access record must say of that."""

    traces: Traces
    case: CaseCheck | None
    agreement: ApprovalRequest | None


class InquiryGate:
    """Admits a question, or says what it lacks, or who must agree."""

    def __init__(
        self,
        *,
        policies: PolicyCatalogue,
        cases: CaseRegister,
        searches: SearchStore,
        approvals: ApprovalStore,
        seals: Seals,
        now: Callable[[], datetime],
        elsewhere: tuple[str, ...] = (),
    ) -> None:
        """`elsewhere` are the agencies of other regions that can be asked."""
        self._known = (*policies, *elsewhere)
        self._policies, self._cases, self._searches = policies, cases, searches
        self._approvals, self._seals, self._now = approvals, seals, now

    async def admit(self, session: Session, question: Question, reason: Reason) -> Admission:
        """What the look may rest on; raises NotAllowed, ReasonRefused, ApprovalNeeded."""
        case, traces, why = await self._examined(session, question, reason)
        if not why:
            return Admission(traces, case, None)
        person = str(session.person.id)
        agreement = await self._approvals.agreed_to(person, fingerprint_of(question, reason), self._now())
        if agreement is None:
            raise ApprovalNeeded(why)
        return Admission(traces, case, agreement)

    async def why_supervised(self, session: Session, question: Question, reason: Reason) -> tuple[str, ...]:
        """Why a supervisor must agree, a sentence each; empty when nobody must. Raises as `admit` does."""
        return (await self._examined(session, question, reason))[2]

    async def _examined(
        self, session: Session, question: Question, reason: Reason
    ) -> tuple[CaseCheck | None, Traces, tuple[str, ...]]:
        require(session, "search")
        profile = self._policies[session.person.agency_id]
        missing = self._what_is_missing(profile, question, reason)
        if missing:
            raise ReasonRefused(*missing)
        case = await self._case(profile, reason)
        traces = self._traces(profile, question, reason, case)
        rules = profile.inquiries
        since = self._now() - timedelta(days=rules.looked_back_days)
        tally = await self._searches.tally(session.person.id, traces, since)
        if tally.with_the_words >= rules.same_words:
            raise ReasonRefused(_same_words(profile, reason, tally))
        return case, traces, _why_supervised(profile, reason, traces, tally)

    def _what_is_missing(self, profile: AgencyProfile, question: Question, reason: Reason) -> tuple[Missing, ...]:
        missing = what_an_inquiry_lacks(profile, reason)
        missing += unwritable({f"reason.{name}": value for name, value in reason.values.items()})
        missing += unwritable(question.as_query)
        if any(owner not in self._known for owner in question.owners):
            missing += (Missing("owners", f"must be among: {', '.join(self._known)}"),)
        return missing + what_is_too_broad(question)

    async def _case(self, profile: AgencyProfile, reason: Reason) -> CaseCheck | None:
        number = case_number(profile, reason)
        if number is None:
            return None
        found = await self._cases.look_up(profile.id, number)
        name = next(name for name in profile.inquiries.case_fields if reason.values.get(name, "").strip() == number)
        if found == "unknown" and profile.inquiries.unknown_case == "refuse":
            raise ReasonRefused(Missing(f"reason.{name}", f"the register of {profile.name} does not know it"))
        if found == "unreachable" and profile.inquiries.unreachable_register == "refuse":
            rule = f"cannot be checked: the register of {profile.name} does not answer. Try again in a minute"
            raise ReasonRefused(Missing(f"reason.{name}", rule))
        return CaseCheck(number=number, found=found)

    def _traces(self, profile: AgencyProfile, question: Question, reason: Reason, case: CaseCheck | None) -> Traces:
        pattern, trace = question.pattern, self._seals.trace
        return Traces(
            target=None if pattern is None else trace("plate", pattern.folded.text),
            words=trace("words", words_of(profile, reason.form, reason.values)),
            case=None if case is None else trace("case", profile.id, case.number),
            validated=case is not None and case.found == "known",
        )


def _why_supervised(profile: AgencyProfile, reason: Reason, traces: Traces, tally: Tally) -> tuple[str, ...]:
    rules, why = profile.inquiries, []
    if reason.purpose in rules.purposes_to_approve:
        why.append(f"{profile.policy} ({rules.section}) asks a supervisor to approve and document this purpose")
    if not traces.validated and tally.of_the_plate >= rules.searches_of_a_plate:
        why.append(
            f"you have searched this plate {tally.of_the_plate} times in {rules.looked_back_days} days"
            " without a case that the register knows"
        )
    return tuple(why)


def _same_words(profile: AgencyProfile, reason: Reason, tally: Tally) -> Missing:
    form = next(form for form in profile.reasons.forms if form.id == reason.form)
    telling = next((one for one in reversed(form.fields) if one.pattern == ".+"), form.fields[-1])
    rule = f"the same words stand under your searches of {tally.with_the_words} other plates: say what this one is for"
    return Missing(f"reason.{telling.name}", rule)
