"""The gateway's input and output: HTTP, PostgreSQL, Kafka, password hashing."""
