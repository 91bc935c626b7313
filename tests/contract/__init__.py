"""The contracts as files."""
