"""Plates as text: normalising, match keys, comparing. Pure."""
