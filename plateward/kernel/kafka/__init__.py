"""Kafka: publishing with acks=all, consuming at least once, dead letters, topics."""
