"""The gateway's HTTP interface for programs: JSON, problem details, server-sent events."""
