"""What the audit service counts."""

from prometheus_client import Counter, Gauge

# Records that took a number. Beside the gateway's count of records published, it shows whether any is missing.
APPENDED = Counter("plateward_audit_records_appended_total", "Access records appended to the log.")

# Alarm on any: somebody sent other content under the id of a record that the log holds.
REWRITES = Counter("plateward_audit_rewrites_refused_total", "Records that would have rewritten one of the log.")

# How long the log is; it can only grow.
LENGTH = Gauge("plateward_audit_log_records", "Records in the log, as of the last batch.")

# When a checkpoint was last made sure of, in seconds since 1970. Alarm when time() is more than two minutes past it.
CHECKPOINT_TIME = Gauge("plateward_audit_checkpoint_timestamp_seconds", "When the log was last found fit to be signed.")

# Records under the newest checkpoint; those of the log beyond it wait for the next one.
CHECKPOINT_RECORDS = Gauge("plateward_audit_checkpoint_records", "Records that the newest checkpoint covers.")

# Alarm on any "refused": the witness has seen another log under our name.
COSIGNATURES = Counter("plateward_audit_cosignatures_total", "What witnesses answered.", ["witness", "outcome"])

# Alarm on any "refused": what answers there is not the authority whose certificates you trust.
STAMPS = Counter("plateward_audit_timestamps_total", "What time-stamp authorities answered.", ["authority", "outcome"])

# Alarm when time() is hours past it, where an authority is asked: checkpoints go on, stamped by nobody.
STAMP_TIME = Gauge("plateward_audit_timestamp_seconds", "When an authority last saw a checkpoint, by its own clock.")

# How far the watch over the log has come; where it stays behind plateward_audit_log_records, nobody watches.
WATCHED = Gauge("plateward_audit_watched_records", "Records of the log that the watch has seen.")

# By kind of misuse. An alarm is a reason to ask, and no finding.
MISUSE_ALARMS = Counter("plateward_audit_misuse_alarms_total", "Alarms that the watch has raised.", ["kind"])
