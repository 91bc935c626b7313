"""Joining reads with the hot list."""
