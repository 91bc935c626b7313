"""Kafka, PostgreSQL and the services on one machine without Docker, for the demo and the tests."""
