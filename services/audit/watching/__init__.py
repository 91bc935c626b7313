"""Watching the access log for misuse: what deserves a second look, and why. Looks come in the order of their times."""
