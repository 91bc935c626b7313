"""Frames become plate reads."""
