"""What ingest reaches the world by: HTTP, PostgreSQL, Kafka, OpenCV, folders, video files and streams."""
