"""What the recogniser touches outside itself: PaddleOCR, OpenCV, Kafka and blobs."""

import os

# The official builds of ONNX Runtime report their use to Microsoft and keep a device id in the home folder, unless
# told not to before they are first imported. This package is the only one that imports them, so this line is first.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
