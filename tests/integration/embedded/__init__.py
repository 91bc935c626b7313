"""The embedded servers and processes, for real."""
