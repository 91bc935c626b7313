"""What can go wrong, by what whoever asks can do about it; made of the gateway's problem details (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import msgspec


class PartnerError(Exception):
    """Anything that keeps a partner's gateway from answering."""


class Unreachable(PartnerError):
    """The gateway could not be reached, or broke off, each time that it was tried."""


class TokenRefused(PartnerError):
    """No token was given (RFC 6749 §5.2): the client, its key or its certificate is not known so."""

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(f"{error}: {description}" if description else error)
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """What breaks a rule, and the rule in words."""

    field: str
    rule: str


class Refused(PartnerError):
    """The gateway has answered that it does not do this."""

    def __init__(self, status: int, title: str, detail: str = "", errors: tuple[BrokenRule, ...] = ()) -> None:
        rules = "; ".join(f"{one.field} {one.rule}" for one in errors)
        super().__init__(": ".join(part for part in (title, detail, rules) if part))
        self.status, self.title, self.detail, self.errors = status, title, detail, errors


class NotAuthenticated(Refused):
    """401: the token is not, or no longer, good."""


class Forbidden(Refused):
    """403: the client may not do this, or says that it is somebody else."""


class Conflict(Refused):
    """409: it is being done at this moment, or was done with other bytes, or what it found is no longer there."""


class OutOfForm(Refused):
    """422: a field breaks a rule; `errors` names both."""


class TooOften(Refused):
    """429, still after all patience."""


class Unavailable(Refused):
    """502, 503 or 504, still after all patience: among others, where the owner's access log does not answer."""


KINDS: Mapping[int, type[Refused]] = {
    401: NotAuthenticated,
    403: Forbidden,
    409: Conflict,
    422: OutOfForm,
    429: TooOften,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


class _Rule(msgspec.Struct):
    field: str = ""
    rule: str = ""


class _Problem(msgspec.Struct):
    title: str = ""
    detail: str = ""
    errors: list[_Rule] = []


def refusal(answer: httpx.Response) -> Refused:
    """The error that this answer is."""
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.DecodeError:
        problem = _Problem()
    rules = tuple(BrokenRule(one.field, one.rule) for one in problem.errors)
    title = problem.title or f"{answer.status_code} {answer.reason_phrase}"
    return KINDS.get(answer.status_code, Refused)(answer.status_code, title, problem.detail, rules)
