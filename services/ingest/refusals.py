"""Why a frame is not taken: because of the frame itself (Refused), or because of us, for now (Unavailable)."""

from typing import Literal

RefusalReason = Literal[
    "unauthorised",
    "out-of-service",
    "unapproved",
    "undeclared",
    "deployment-ended",
    "no-length",
    "broken-off",
    "too-slow",
    "too-large",
    "too-many-pixels",
    "not-an-image",
    "undecodable",
    "captured-at",
]
"""Why a frame is refused; also the metric's label."""

UnavailableReason = Literal["frames-in-flight", "kafka", "cameras"]
"""What there is none of: room, Kafka's acknowledgement, the table of cameras."""


class Refused(Exception):
    """This frame is never taken, however often it is sent: `field` breaks `rule`."""

    def __init__(self, reason: RefusalReason, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.reason, self.field, self.rule = reason, field, rule


class Unavailable(Exception):
    """No frame can be taken now; the same frame may be sent again in a while."""

    def __init__(self, reason: UnavailableReason) -> None:
        super().__init__(reason)
        self.reason = reason
