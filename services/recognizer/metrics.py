"""What the recogniser counts."""

from prometheus_client import Counter, Histogram

FRAMES = Counter("plateward_recognised_frames_total", "Frames by what became of them.", ["outcome"])

RECOGNISE_SECONDS = Histogram(
    "plateward_recognise_seconds",
    "From the JPEG to the plates, for one frame.",
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 5),
)

FRAME_TO_READ_SECONDS = Histogram(
    "plateward_frame_to_read_seconds",
    "From receiving a frame to its read being durable.",
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 600),
)

PASSES = Counter("plateward_recognised_passes_total", "Passes that were told, by what was told.", ["record"])
