"""What the gateway's refusals look like over HTTP."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from plateward.kernel.problems import Problem
from plateward.policy.reasons import Lacking
from services.gateway.access import NotRecorded
from services.gateway.account_rules import InvalidAccount
from services.gateway.audits.audit import AuditRefused
from services.gateway.camera_changes import InvalidCamera
from services.gateway.entries.new_entry import InvalidEntry
from services.gateway.evidence.hold import InvalidHold
from services.gateway.list_sources.kept import InvalidRefresh
from services.gateway.misuse_alarms import InvalidFinding
from services.gateway.partners.clients import InvalidClient
from services.gateway.partners.looks import LookRefused
from services.gateway.partners.machines import ScopeMissing
from services.gateway.partners.records import NotItsOwn, RecordRefused
from services.gateway.people import NotAllowed
from services.gateway.releases.request import ReleaseRefused
from services.gateway.reports.reports import ReportRefused
from services.gateway.search import NoSuchRecord
from services.gateway.searching.approval import ApprovalNeeded
from services.gateway.searching.approvals import DecisionRefused
from services.gateway.searching.inquiry_gate import ReasonRefused
from services.gateway.second_factor import InvalidPassword
from services.gateway.shared_hits.overseeing import DeliveryRefused
from services.gateway.shared_hits.subscriptions import InvalidSubscription, NoHitsShared
from services.gateway.sharing.admissible import InvalidMou
from services.gateway.sign_in import NoPolicyInForce, SignInRefused

TITLES: Mapping[type[Lacking], str] = {
    InvalidAccount: "This cannot be done to the account",
    InvalidPassword: "The password is too easily guessed",
    ReasonRefused: "The purpose or reason is not one that your agency accepts",
    DecisionRefused: "This cannot be decided so",
    InvalidEntry: "The entry cannot be taken or decided on so",
    ReleaseRefused: "This cannot be done with the request",
    InvalidRefresh: "This cannot be done to the list",
    InvalidHold: "The hold cannot be asked for or decided so",
    InvalidCamera: "This cannot be done to the camera",
    InvalidMou: "This cannot be agreed",
    InvalidClient: "This cannot be done to the client",
    RecordRefused: "The record is not that of this question",
    InvalidSubscription: "This cannot be subscribed to, or replayed",
    DeliveryRefused: "This cannot be sent again",
    InvalidFinding: "The alarm cannot be closed so",
    AuditRefused: "This cannot be done to the audit",
    ReportRefused: "This report cannot be delivered so",
}
"""What each of these refusals is called."""


def answer_refusals(app: FastAPI) -> None:
    """Has the application answer the domain's refusals as problem details."""
    for refusal, title in TITLES.items():
        app.add_exception_handler(refusal, _lacking(title))

    @app.exception_handler(SignInRefused)
    async def _sign_in(_: Request, refusal: SignInRefused) -> JSONResponse:
        return Problem(401, "Not signed in", str(refusal)).response()

    @app.exception_handler(NoPolicyInForce)
    async def _no_policy(_: Request, refusal: NoPolicyInForce) -> JSONResponse:
        return Problem(403, "No policy of your agency is in force here", str(refusal)).response()

    @app.exception_handler(NotAllowed)
    async def _not_allowed(_: Request, refusal: NotAllowed) -> JSONResponse:
        return Problem(403, "Your agency's policy does not allow this", str(refusal)).response()

    @app.exception_handler(ScopeMissing)
    async def _scope(_: Request, missing: ScopeMissing) -> JSONResponse:
        headers = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{missing.scope}"'}
        return Problem(403, "The token does not open this", str(missing), headers=headers).response()

    @app.exception_handler(NotItsOwn)
    async def _not_its_own(_: Request, refusal: NotItsOwn) -> JSONResponse:
        return Problem(403, "A client speaks for its own agency alone", str(refusal)).response()

    @app.exception_handler(LookRefused)
    async def _look(_: Request, refusal: LookRefused) -> JSONResponse:
        return Problem(409, "Ask anew, under a new number", str(refusal)).response()

    @app.exception_handler(NoHitsShared)
    async def _no_hits(_: Request, __: NoHitsShared) -> JSONResponse:
        detail = "No agreement in force gives this client hits, of an agency that has admitted it."
        return Problem(403, "No hits are shared", detail).response()

    @app.exception_handler(ApprovalNeeded)
    async def _approval(_: Request, needed: ApprovalNeeded) -> JSONResponse:
        detail = "Put the same question to /v1/approvals; once a supervisor agrees, it can be asked once."
        errors = [{"field": "approval", "rule": why} for why in needed.why]
        return Problem(409, "A supervisor must agree first", detail, errors=errors).response()

    @app.exception_handler(NoSuchRecord)
    async def _unknown(_: Request, __: NoSuchRecord) -> JSONResponse:
        return Problem(404, "There is no such record, or it is not yours to see").response()

    @app.exception_handler(NotRecorded)
    async def _not_recorded(_: Request, __: NotRecorded) -> JSONResponse:
        detail = "Without a durable access record nobody gets an answer. Try again in a moment."
        return Problem(503, "The access log does not answer", detail, headers={"Retry-After": "5"}).response()


def _lacking(title: str) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    """Answers a refusal with each field that is missing or wrong, and the rule."""

    async def answer(_: Request, refusal: Exception) -> JSONResponse:
        assert isinstance(refusal, Lacking)
        return Problem(
            422, title, errors=[{"field": one.field, "rule": one.rule} for one in refusal.missing]
        ).response()

    return answer
