"""What the matcher counts."""

from prometheus_client import Counter, Gauge, Histogram

ENTRIES = Gauge("plateward_hot_list_entries", "Entries in this process's replica of the hot list.")

REPLICA_OFFSET = Gauge(
    "plateward_hot_list_replica_offset",
    "Records of the hot list that the replica has taken, by partition.",
    ["partition"],
)

READS = Counter("plateward_matched_reads_total", "Reads that were looked up in the hot list.")

HITS = Counter("plateward_hits_raised_total", "Hits raised, by grade of the match.", ["grade"])

READ_TO_HIT_SECONDS = Histogram(
    "plateward_capture_to_hit_seconds",
    "From the image's time to the hit's.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600),
)

LIST_CHANGES = Counter("plateward_hot_list_changes_total", "Changes of the hot list, by what they did.", ["change"])
