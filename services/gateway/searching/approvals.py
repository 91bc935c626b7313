"""Asking for a supervisor's agreement, and giving it: one's own agency's, never one's own."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from plateward.contracts.access import Reason
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.reasons import Lacking, Missing
from services.gateway.access import AccessGate
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.searching.approval import ApprovalRequest, ApprovalStore, fingerprint_of
from services.gateway.searching.inquiry_gate import InquiryGate
from services.gateway.searching.question import Question
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

AGREEING = Reason(purpose="approval", form="duty", values={"duty": "deciding on searches of the own agency"})
"""The standing reason of a supervisor; each decision carries its own words."""

SHOWN_BACK = timedelta(days=7)
"""How far back decided requests are shown."""


class DecisionRefused(Lacking):
    """This person cannot decide this request, or not in these words; says why."""


class Approvals:
    """The requests of an agency."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        inquiries: InquiryGate,
        store: ApprovalStore,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._inquiries, self._store = gate, inquiries, store
        self._policies, self._now = policies, now

    def may_decide(self, session: Session) -> bool:
        """Whether the person's title may agree to others' searches."""
        return session.person.title in self._policies[session.person.agency_id].inquiries.approvers

    async def ask(self, session: Session, question: Question, reason: Reason, address: str) -> ApprovalRequest:
        """Puts the question before a supervisor; raises NotAllowed, ReasonRefused, NotRecorded."""
        why = await self._inquiries.why_supervised(session, question, reason)
        rules, at = self._policies[session.person.agency_id].inquiries, self._now()
        request = ApprovalRequest(
            id=uuid.uuid4(),
            agency_id=session.person.agency_id,
            asked_by=session.person.actor,
            asked_at=at,
            question=question,
            reason=reason,
            why=why or ("the person who asks wishes it",),
            expires_at=at + timedelta(hours=rules.approval_lasts_hours),
        )
        query = question.as_query | {"approval": str(request.id)}
        async with self._gate.look_at_own(session, "ask-approval", query, reason, address) as look:
            await self._store.add(request, fingerprint_of(question, reason))
            look.results = 1
        return request

    async def shown(self, session: Session, address: str) -> list[ApprovalRequest]:
        """The agency's newest requests for who decides, one's own for others; raises NotAllowed, NotRecorded."""
        self._require_a_part(session)
        query = {"approvals": "of the agency" if self.may_decide(session) else "own"}
        async with self._gate.look_at_own(session, "list-approvals", query, AGREEING, address) as look:
            all_ = await self._store.of_agency(session.person.agency_id, self._now() - SHOWN_BACK)
            own = str(session.person.id)
            shown = [one for one in all_ if self.may_decide(session) or one.asked_by.person_id == own]
            look.results = len(shown)
        return shown

    async def decide(
        self, session: Session, request_id: uuid.UUID, *, agreed: bool, statement: str, address: str
    ) -> ApprovalRequest:
        """Agrees or refuses; raises NotAllowed, NoSuchRecord, DecisionRefused, NotRecorded."""
        self._require_a_part(session)
        request = await self._store.one(request_id, session.person.agency_id)
        if request is None or not self._may_see(session, request):
            raise NoSuchRecord(request_id)
        self._check(session, request, statement.strip())
        # An agreement waits as long again as the request did.
        lasts = timedelta(hours=self._policies[session.person.agency_id].inquiries.approval_lasts_hours)
        decided = replace(
            request,
            decided_by=session.person.actor,
            decided_at=self._now(),
            agreed=agreed,
            statement=statement.strip(),
            expires_at=self._now() + lasts,
        )
        query = {"approval": str(request.id), "agreed": "yes" if agreed else "no", "statement": statement.strip()}
        async with self._gate.look_at_own(session, "decide-approval", query, AGREEING, address) as look:
            if not await self._store.decide(decided):
                raise DecisionRefused(Missing("approval", "has been decided by somebody else meanwhile"))
            look.results = 1
        return decided

    async def agreed_question(self, session: Session, request_id: uuid.UUID) -> ApprovalRequest:
        """One's own request, to be asked as it was agreed to; raises NotAllowed, NoSuchRecord."""
        require(session, "search")
        request = await self._store.one(request_id, session.person.agency_id)
        if request is None or request.asked_by.person_id != str(session.person.id):
            raise NoSuchRecord(request_id)
        return request

    def _require_a_part(self, session: Session) -> None:
        """Requests are for who searches and for who decides."""
        if not self.may_decide(session):
            require(session, "search")

    def _may_see(self, session: Session, request: ApprovalRequest) -> bool:
        return self.may_decide(session) or request.asked_by.person_id == str(session.person.id)

    def _check(self, session: Session, request: ApprovalRequest, statement: str) -> None:
        rules = self._policies[session.person.agency_id].inquiries
        if request.asked_by.person_id == str(session.person.id):
            raise DecisionRefused(Missing("approval", "nobody agrees to their own search"))
        if not self.may_decide(session):
            raise DecisionRefused(Missing("approval", f"is given by: {', '.join(rules.approvers)}"))
        if request.state(self._now()) != "waiting":
            raise DecisionRefused(Missing("approval", f"is {request.state(self._now())}"))
        if len(statement) < STATEMENT_AT_LEAST:
            raise DecisionRefused(Missing("statement", f"needs at least {STATEMENT_AT_LEAST} characters"))
        unkept = unwritable({"statement": statement})
        if unkept:
            raise DecisionRefused(*unkept)
