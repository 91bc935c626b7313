"""The audit service: every look at the data, appended to a log that nobody can change."""
