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

FOLLOWED_OFFSET = Gauge(
    "plateward_followed_offset",
    "Records of the topics that a matcher knows whole, beside the hot list, that it has taken.",
    ["topic", "partition"],
)

SIGHTINGS = Counter("plateward_sightings_total", "Further passes of a hit's vehicle, told with the hit.")

REFUSED = Counter("plateward_matches_refused_total", "Matches that were no hit, by the reason.", ["reason"])

# Alarm when it is 1: reads are compared with nothing on that list.
SILENT_LISTS = Gauge("plateward_hot_list_silent", "Whether a list is silent for want of a refresh.", ["agency", "list"])

RETROACTIVE_READS = Counter("plateward_retroactive_reads_total", "Past reads that new entries were compared with.")

READ_TO_HIT_SECONDS = Histogram(
    "plateward_capture_to_hit_seconds",
    "From the image's time to the hit's.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600),
)

LIST_CHANGES = Counter("plateward_hot_list_changes_total", "Changes of the hot list, by what they did.", ["change"])
