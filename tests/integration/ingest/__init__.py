"""Ingest with real Kafka and PostgreSQL, over HTTP as cameras have it."""
