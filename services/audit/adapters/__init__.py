"""What the audit service talks to: Kafka and its own PostgreSQL schema."""
