"""What a service process stands on: settings, Kafka, PostgreSQL, blobs, telemetry, clock, lifecycle."""
