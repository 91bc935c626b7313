"""The gateway: where people and agencies ask. No answer without a durable access record and an accepted reason."""
