"""What the retention service talks to: Kafka, its own PostgreSQL schema, the blob store."""
