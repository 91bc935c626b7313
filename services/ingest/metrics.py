"""What ingest counts."""

from prometheus_client import Counter, Gauge, Histogram

FRAMES_ACCEPTED = Counter("plateward_ingest_frames_accepted_total", "Frames that Kafka has acknowledged.")

FRAMES_REFUSED = Counter("plateward_ingest_frames_refused_total", "Frames not taken, by reason.", ["reason"])

FRAMES_STILL = Counter("plateward_ingest_frames_still_total", "Frames of videos and streams in which nothing moved.")

FRAME_BYTES = Counter("plateward_ingest_frame_bytes_total", "Bytes of accepted frames, as their senders sent them.")

# At `frames_in_flight_max` the next frame is answered with 503.
FRAMES_IN_FLIGHT = Gauge("plateward_ingest_frames_in_flight", "Frames between their first byte and their answer.")

EDGE_READS = Counter("plateward_ingest_edge_reads_total", "Edge readers' reads that are on the topic.", ["source"])

EDGE_REFUSED = Counter("plateward_ingest_edge_refused_total", "Edge readers' reports not taken, by reason.", ["reason"])

ACKNOWLEDGE_SECONDS = Histogram(
    "plateward_ingest_acknowledge_seconds",
    "From a frame's publication to Kafka's acknowledgement.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
