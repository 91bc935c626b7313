"""A thin client for a partner's programs: tokens, searches and streams of a gateway, retried where that is safe."""

from plateward.client.client import PartnerClient
from plateward.client.errors import (
    Conflict,
    Forbidden,
    NotAuthenticated,
    OutOfForm,
    PartnerError,
    Refused,
    TokenRefused,
    TooOften,
    Unavailable,
    Unreachable,
)
from plateward.client.keys import ClientKey
from plateward.client.patience import Patience
from plateward.client.records import Asker, asking
from plateward.client.searching import Keep, Progress
from plateward.client.streaming import StreamEvent

__all__ = [
    "Asker",
    "ClientKey",
    "Conflict",
    "Forbidden",
    "Keep",
    "NotAuthenticated",
    "OutOfForm",
    "PartnerClient",
    "PartnerError",
    "Patience",
    "Progress",
    "Refused",
    "StreamEvent",
    "TokenRefused",
    "TooOften",
    "Unavailable",
    "Unreachable",
    "asking",
]
