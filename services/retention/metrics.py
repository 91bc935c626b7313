"""What the retention service counts."""

from prometheus_client import Counter, Gauge

# Rows that are new; what comes again is not counted again.
KEPT = Counter("plateward_retention_kept_total", "Reads and hits stored, by table.", ["table"])

# Many of these: something upstream lags by days, or a camera's clock is wrong.
EXPIRED = Counter("plateward_retention_expired_on_arrival_total", "Arrived after their day, not stored.", ["table"])

PURGED = Counter("plateward_retention_purged_total", "Deleted for good: reads, hits, evidence, images, keys.", ["kind"])

UPKEEP_FAILURES = Counter("plateward_retention_upkeep_failures_total", "Rounds of upkeep that could not be finished.")

# Alarm when it is an hour old: days that are over may still be on the disk.
UPKEEP_LAST_SUCCESS = Gauge(
    "plateward_retention_upkeep_last_success_seconds", "When a round last succeeded (Unix time)."
)

# Alarm at once: nothing is purged until a person has looked at the clocks.
CLOCK_IN_DOUBT = Gauge(
    "plateward_retention_clock_in_doubt", "1 while the time cannot be believed, and nothing is purged."
)

# Somebody's case needs these: they go soon, and are in no evidence.
EVIDENCE_DUE = Gauge("plateward_retention_evidence_due", "Hits of cases that go soon, by agency.", ["agency"])
