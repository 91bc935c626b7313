"""Why a frame or a report is not taken: because of itself (Refused), or because of us, for now (Unavailable)."""

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
    "not-json",
    "payload",
    "not-a-plate",
    "no-policy",
    "no-mapping",
]
"""Why a frame or a report is refused; also the metric's label."""

UnavailableReason = Literal["frames-in-flight", "kafka", "cameras", "pictures", "passings"]
"""What there is none of: room, Kafka's acknowledgement, the table of cameras, that of passings, the blob store."""


class Refused(Exception):
    """This frame or report is never taken, however often it is sent: `field` breaks `rule`."""

    def __init__(self, reason: RefusalReason, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.reason, self.field, self.rule = reason, field, rule


class Unavailable(Exception):
    """Nothing can be taken now; the same may be sent again in a while."""

    def __init__(self, reason: UnavailableReason) -> None:
        super().__init__(reason)
        self.reason = reason
